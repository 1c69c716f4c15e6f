"""What a browser may load and do on a page: Content Security Policy, and the headers that go with it.

Each page carries its own policy in a meta element, the strictest that it works with, so that it holds on any
server. A server that can send headers sends the same and what no meta element can say. No policy allows anything
inline, so no hash has to be computed. The study behind it is summed up in SECURITY.md.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

from catalog import downloads, feeds, finding, render
from catalog.downloads import DATA_FOLDER, TABLES
from catalog.site import Site
from catalog.views.common import PagePlan

# Where scripts/redaktion puts the editor, a program of others: it carries a policy of its own, and signing in opens a
# window of the forge that has to find the one that opened it.
EDITOR = "redaktion"

_ALLOWED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "default-src": ("'none'",),
        "script-src": ("'self'",),
        "style-src": ("'self'",),
        "img-src": ("'self'", "data:"),  # Material's icons are addresses that hold their own picture
        "connect-src": ("'self'",),
        "form-action": ("'self'",),
        "base-uri": ("'none'",),
        # Scripts can't turn text into markup, however it came to them.
        "require-trusted-types-for": ("'script'",),
        "trusted-types": ("'none'",),
    }
)
# What an archive loads from besides, while it lies in a folder: what 'self' means there no standard says, and Chromium
# takes it for any file. No browser lets a page of a server load a file.
_FROM_FOLDER = ("script-src", "style-src", "img-src", "form-action")
_CSP = "Content-Security-Policy"
# What only a header may say.
_UNFRAMED = "frame-ancestors 'none'"

# What programs on other sites may read: open data, feeds, and what the search of another site of this kind asks for.
_OPEN = (f"{DATA_FOLDER}/*", f"{feeds.FOLDER}/*", f"{finding.FOLDER.partition('/')[0]}/*", *sorted(TABLES.values()))

# How long security.txt holds; RFC 9116 recommends less than a year.
_VALID = datetime.timedelta(days=360)

_FILES: Mapping[str, str] = MappingProxyType(
    {
        "_headers": "headers.j2",
        "server/nginx-http.conf": "nginx-http.conf.j2",
        "server/nginx-server.conf": "nginx-server.conf.j2",
        "server/apache.conf": "apache.conf.j2",
        ".well-known/security.txt": "security.txt.j2",
    }
)

_EVERYWHERE: Mapping[str, str] = MappingProxyType(
    {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(
            f"{feature}=()"
            for feature in (
                "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture",
                "encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid", "magnetometer", "microphone",
                "midi", "payment", "picture-in-picture", "publickey-credentials-get", "screen-wake-lock",
                "serial", "usb", "xr-spatial-tracking",
            )
        ),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """Headers for some addresses.

    Attributes:
        path: an absolute path of the site; with ``*`` at its end, all that begin so.
        headers: name -> value.
    """

    path: str
    headers: Mapping[str, str]

    @property
    def pattern(self) -> str:
        """The path as a regular expression, in which nothing but the asterisk has a meaning."""
        exact = re.escape(self.path.removesuffix("*"))
        return f"^{exact}" if self.path.endswith("*") else f"^{exact}$"


def of(site: Site, view: str) -> str:
    """The policy of a page, as its meta element says it.

    Args:
        site: the whole site.
        view: name of the page's view; empty for the error page.
    """
    allowed = dict(_ALLOWED)
    if view == "search":  # which runs Pagefind, asks other sites of this kind and shows what Pagefind found
        allowed["script-src"] += ("'wasm-unsafe-eval'",)
        allowed["connect-src"] += tuple(_origin(address) for address in site.merged)
        allowed["trusted-types"] = ("wb-excerpt",)
    if site.archive:
        allowed |= {name: (*allowed[name], "file:") for name in _FROM_FOLDER}
    return "; ".join(f"{name} {' '.join(values)}" for name, values in allowed.items())


def by_view(site: Site, pages: Iterable[PagePlan]) -> Mapping[str, str]:
    """View -> the policy of its pages; the one of the error page under an empty name."""
    return {view: of(site, view) for view in ("", *sorted({page.view for page in pages}))}


def rules(site: Site, pages: Collection[PagePlan]) -> Iterator[Rule]:
    """The headers of the whole site. No header is set twice for one address, since servers would then send both."""
    base, policies = _base(site), by_view(site, pages)
    yield Rule(f"{base}*", _EVERYWHERE)
    by_folder: dict[str, list[PagePlan]] = {}
    for page in pages:
        by_folder.setdefault(page.address.partition("/")[0], []).append(page)
    for folder, inside in sorted(by_folder.items()):
        if folder and all(policies[page.view] == policies[""] for page in inside):
            yield Rule(f"{base}{folder}/*", _page(policies[""]))
            continue
        for page in inside:
            yield Rule(f"{base}{page.address}", _page(policies[page.view]))
            yield Rule(f"{base}{page.address}index.html", _page(policies[page.view]))
    yield Rule(f"{base}404.html", _page(policies[""]))
    yield Rule(f"{base}{EDITOR}/*", {_CSP: _UNFRAMED})
    for path in _OPEN:
        yield Rule(f"{base}{path}", {"Access-Control-Allow-Origin": "*"})
    for download in downloads.downloads(site):
        if not downloads.FORMATS[download.format].known:
            yield Rule(f"{base}{download.path}", {"Content-Type": download.media_type})
    for path, form in downloads.CATALOGUE.items():
        yield Rule(f"{base}{path}", {"Content-Type": form.media_type})
    for path, media_type in feeds.MEDIA_TYPES.items():
        yield Rule(f"{base}{path}", {"Content-Type": f"{media_type}; charset=utf-8"})


@dataclass(frozen=True, slots=True)
class Choice:
    """A header that depends on the address, for servers that can decide.

    Attributes:
        name: of the header.
        usual: its value, empty if it is not sent.
        others: (regular expression of addresses, value) where it is another one.
    """

    name: str
    usual: str
    others: tuple[tuple[str, str], ...]

    @property
    def variable(self) -> str:
        """Its name as a variable of a server's configuration."""
        return f"wissensbasis_{self.name.lower().replace('-', '_')}"


def files(site: Site, pages: Collection[PagePlan]) -> Iterator[tuple[str, str]]:
    """(path on the site, text) of what servers are told, each in its own language, and whom to tell of a weakness."""
    found = tuple(rules(site, pages))
    usual = {**_page(of(site, "")), "Access-Control-Allow-Origin": ""}
    choices = [Choice(name, value, tuple(_others(found, name, value))) for name, value in usual.items()]
    expires = site.reference_date + _VALID
    types = [form for form in (*downloads.FORMATS.values(), *downloads.CATALOGUE.values()) if not form.known]
    context = {
        "site": site,
        "rules": found,
        "choices": choices,
        "base": _base(site),
        "expires": expires,
        "types": types,
        "feeds": feeds,
    }
    for path, template in _FILES.items():
        yield path, render.environment().get_template(f"server/{template}").render(context)


def _others(found: Iterable[Rule], name: str, usual: str) -> Iterator[tuple[str, str]]:
    """Where the header is not the usual one, among the rules that concern pages or set it."""
    for rule in found:
        concerned = name in rule.headers or _CSP in rule.headers
        value = rule.headers.get(name, "")
        if concerned and value != usual:
            yield rule.pattern, value


def _page(policy: str) -> dict[str, str]:
    return {_CSP: f"{policy}; {_UNFRAMED}", "Cross-Origin-Opener-Policy": "same-origin"}


def _base(site: Site) -> str:
    """The folder of the site on its server."""
    return urlsplit(site.url).path or "/"


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
