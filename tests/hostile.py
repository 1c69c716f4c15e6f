"""The samples of ``cases/hostile``: how they are put into a project, and what the check and a conversion cost.

Run as a program it takes every sample in turn, in one process with bounded memory,
and prints a line of JSON for each, so that the last line names the one that hangs.
"""

from __future__ import annotations

import base64
import functools
import json
import resource
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import markdown
import yaml
from mkdocs.config import load_config

from catalog import problems, render, rules, views
from catalog.conversion import ConversionError
from catalog.links import RepositoryLinks

TESTS = Path(__file__).resolve().parent
BASE, CASES = TESTS / "base", TESTS / "cases" / "hostile"
MEMORY = 1_500_000_000
SECONDS = 2
_MEASURE = {
    "category": "anteil", "status": "laufend", "target_groups": "[schueler]",
    "formats": "[fortbildung]", "sources": "[{document: bericht}]",
}  # fmt: skip


def samples() -> list[dict[str, Any]]:
    """All of them, those of the study first."""
    return [sample for name in ("study", "own") for sample in yaml.safe_load((CASES / f"{name}.yml").read_text())]


def name(sample: Mapping[str, Any]) -> str:
    """The stem of the sample's record: a letter first, since a test may look for it."""
    return f"h-{sample['sample']}"


def described(content: Any) -> str:
    """A content that is written down, or only described."""
    if not isinstance(content, Mapping):
        return str(content)
    if "repeat" in content:
        middle = str(content["repeat"]) * int(content["times"])
    else:
        pattern, joint = (content["lines"] + "\n", "") if "lines" in content else (content["items"], ", ")
        middle = joint.join(pattern.format(n=number) for number in range(content["times"]))
    return described(content.get("before", "")) + middle + described(content.get("after", ""))


def record(sample: Mapping[str, Any], values: Mapping[str, Any], defaults: Mapping[str, str]) -> str:
    said = {"title": f"Probe {sample['sample']}", "summary": "Ein Satz.", **defaults}
    said |= {key: described(value) for key, value in values.items() if key != "text"}
    head = "".join(f"{key}: {value}\n" for key, value in said.items())
    return f"---\n{head}---\n{described(values.get('text', 'Wort.'))}\n"


def contents(sample: Mapping[str, Any]) -> dict[str, bytes]:
    """Path -> content of the files that a sample puts into the project."""
    found = {path: described(content).encode() for path, content in sample.get("files", {}).items()}
    found |= {path: base64.b64decode(content) for path, content in sample.get("bytes", {}).items()}
    if "measure" in sample:
        found[f"measures/kreis-lippe/{name(sample)}.md"] = record(sample, sample["measure"], _MEASURE).encode()
    if "page" in sample:
        found[f"docs/{name(sample)}.md"] = record(sample, sample["page"], {}).encode()
    return found


def put(sample: Mapping[str, Any], root: Path) -> None:
    """Put a sample into a project."""
    for path in sample.get("remove", ()):
        (root / path).unlink()
    for path, (old, new) in sample.get("replace", {}).items():
        text = (root / path).read_text()
        assert old in text
        (root / path).write_text(text.replace(old, new, 1))
    for path, content in contents(sample).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    for path, target in sample.get("links", {}).items():
        place = root / path
        shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)
        place.symlink_to(target)


def address(sample: Mapping[str, Any]) -> str:
    """Where the page of a harmless sample stands."""
    return str(sample.get("at", f"massnahmen/kreis-lippe/{name(sample)}/"))


@functools.cache
def settings() -> Any:
    """The settings with which MkDocs reads Markdown, as the hook leaves them."""
    config = load_config(str(TESTS.parent / "mkdocs.yml"))
    config.mdx_configs["toc"] = {**config.mdx_configs.get("toc", {}), "slugify": render.anchor}
    return config


def converted(text: str) -> str:
    """An author's text as it reaches a template."""
    known = settings()
    extensions = [*known.markdown_extensions, RepositoryLinks({}, ConversionError)]
    converter = markdown.Markdown(extensions=extensions, extension_configs=known.mdx_configs)
    return render.sanitise(converter.convert(text))


def try_out(sample: Mapping[str, Any], root: Path) -> dict[str, Any]:
    """What the check says of a project with a sample, and the processor time of check and conversion."""
    put(sample, root)
    start = time.process_time()
    catalog, found = rules.load(root, views.PAGE_VIEWS)
    checked = time.process_time() - start
    for path in [] if found else contents(sample):
        text = next(record.text for record in catalog if record.path == path)
        converted(text)
    spent = time.process_time() - start
    return {"sample": sample["sample"], "messages": problems.as_text(found), "checked": checked, "spent": spent}


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for sample in [{"sample": ""}, *samples()]:
        print(json.dumps({"begins": sample["sample"]}), flush=True)
        with tempfile.TemporaryDirectory() as folder:
            root = Path(shutil.copytree(BASE, Path(folder) / "project"))
            print(json.dumps(try_out(sample, root)), flush=True)


if __name__ == "__main__":
    main()
