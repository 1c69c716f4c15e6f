"""The hook: MkDocs' events in, plain function calls out.

The only module that knows MkDocs. What it needs between two events lives in one
``Assembly`` per build, so that nothing is left over when ``mkdocs serve`` builds again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents
from mkdocs.utils import CountHandler
from tqdm import tqdm

from catalog import export, history, links, problems, render, rules, shell, staging, store, table_names, views

# hooks/ is on sys.path only while this module is loaded, so everything is imported here.
from catalog.site import Site, read_site

log = logging.getLogger("mkdocs.hooks.catalog")


@dataclass(frozen=True)
class Assembly:
    """One build: the site, its pages by MkDocs' name of their source, and where the result grows."""

    site: Site
    pages: dict[str, views.PagePlan]
    links: links.RepositoryLinks
    staging: staging.Staging | None
    progress: tqdm[Any]


class Hook:
    """Remembers the command between events, and the assembly of the build that is under way.

    A preview, and a dirty build, which changes the site in its place, grow in no folder beside it.
    """

    preview: bool = False
    beside: bool = True
    assembly: Assembly
    begun: Any = None  # the files that are no pages, under way

    def on_startup(self, *, command: str, dirty: bool) -> None:
        self.preview = command == "serve"
        self.beside = not self.preview and not dirty

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        catalog, found = rules.load(root := Path(config.config_file_path).parent, views.PAGE_VIEWS)
        self._report(found, f"{config.site_url or '/'}{problems.HELP_PAGE}")
        if not catalog.vocabulary.lists and hasattr(self, "assembly"):
            catalog = self.assembly.site.catalog  # nothing is valid without a vocabulary; show what was before
        lines = store.settings_lines(Path(config.config_file_path))
        site = read_site(config, catalog, lines, history.of(root))
        for note in site.notes:
            log.info(note)
        pages = {page.path: page for page in views.plan(site)}
        own = {page.source: page.path for page in pages.values() if page.record and page.part == 1}
        progress = tqdm(total=2 * len(pages), unit=" Seiten", disable=None, leave=False, delay=1)  # read and written
        beside = staging.Staging.beside(Path(config.site_dir)) if self.beside else None
        self.assembly = Assembly(site, pages, links.RepositoryLinks(own, PluginError, site.homes), beside, progress)
        config.site_dir = str(beside.folder) if beside else config.site_dir
        config.markdown_extensions += [self.assembly.links, table_names.TableNames()]  # type: ignore[list-item]  # takes objects, too
        config.mdx_configs["toc"] = {**config.mdx_configs.get("toc", {}), "slugify": render.anchor}
        config.theme.static_templates.discard("sitemap.xml")  # MkDocs' own holds the day of the build
        return config

    def _report(self, found: list[problems.Problem], help_url: str) -> None:
        if found and not self.preview:
            raise PluginError(f"\n{problems.as_text(found)}{problems.summary(found, help_url)}")
        for line in problems.as_text(found).splitlines():
            log.warning(line)

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        ours = {config.docs_dir, config.theme.custom_dir}
        for file in list(files):
            # Material's scripts and styles, and pages whose record is left out of a preview.
            if file.src_uri not in self.assembly.pages if file.is_documentation_page() else file.src_dir not in ours:
                files.remove(file)
        for plan in self.assembly.pages.values():
            self._add(files, plan, config)
        for address, text in export.redirects(self.assembly.site):
            files.append(File.generated(config, f"{address}index.html", content=text))
        self.begun = export.begin(config.site_dir, self.assembly.site, self.assembly.pages.values(), split=self.beside)
        return files

    def _add(self, files: Files, plan: views.PagePlan, config: MkDocsConfig) -> None:
        # The leading blank line keeps MkDocs from reading "Ziel: …" at the top as metadata.
        text = f"\n{plan.record.text}" if plan.record and plan.part == 1 else "\n"
        file = files.get_file_from_path(plan.path)
        if file is None:
            file = File.generated(config, plan.path, content=text, inclusion=InclusionLevel.NOT_IN_NAV)
            files.append(file)
        else:
            file.content_string = text
        file.dest_uri = f"{plan.address}index.html"  # whatever MkDocs makes of use_directory_urls
        file.edit_uri = f"../{plan.source}"

    def on_page_markdown(self, markdown: str, page: Page, **_: Any) -> None:
        plan = self.assembly.pages[page.file.src_uri]
        page.meta = {"plan": plan}
        self.assembly.links.source = plan.source

    def on_page_content(self, html: str, page: Page, **_: Any) -> str:
        site, plan = self.assembly.site, self.assembly.pages[page.file.src_uri]
        entries = [entry for top in page.toc for entry in (top, *top.children) if entry.level == 2]
        written = [render.Heading(entry.title, entry.id) for entry in entries]
        html, headings = render.page(site, plan.view, views.context(site, plan), html, written)
        page.toc = TableOfContents([AnchorLink(h.title, h.id, h.level) for h in headings])
        page.present_anchor_ids = (page.present_anchor_ids or set()) | {h.id for h in headings}
        self.assembly.progress.update()
        return html

    def on_env(self, env: Any, **_: Any) -> Any:
        env.auto_reload, env.autoescape = False, True  # asking the disk per page costs a tenth; MkDocs escapes nothing
        env.globals |= shell.names(self.assembly.site, self.assembly.pages.values())
        env.filters["query"] = render.environment().filters["query"]
        return env

    def on_post_page(self, output: str, **_: Any) -> None:
        self.assembly.progress.update()

    def on_post_build(self, config: MkDocsConfig) -> None:
        self.assembly.progress.close()
        export.finish(config.site_dir, self.assembly.site, self.assembly.pages.values(), self.begun)
        if (beside := self.assembly.staging) and not _aborts(config):
            beside.publish()
            config.site_dir = str(beside.target)

    def on_build_error(self, error: Exception, **_: Any) -> None:
        if self.begun:
            self.begun.stop()
        if hasattr(self, "assembly") and self.assembly.staging:
            self.assembly.staging.discard()
        told = staging.refused(error) if isinstance(error, OSError) else error
        if isinstance(told, problems.SiteError):
            raise PluginError(f"\n{told}") from error  # which MkDocs shows without a traceback


def _aborts(config: MkDocsConfig) -> bool:
    """Whether MkDocs is about to fail on warnings; it does so only after the last event."""
    handlers = logging.getLogger("mkdocs").handlers
    return config.strict and any(isinstance(h, CountHandler) and h.get_counts() for h in handlers)


# MkDocs calls functions of this module.
_hook = Hook()
globals().update({name: getattr(_hook, name) for name in dir(Hook) if name.startswith("on_")})
