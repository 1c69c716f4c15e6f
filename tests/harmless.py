"""Whether a piece of HTML could do anything: run a script, ask another host, take the place of what the page itself shows."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

# What an author's text may become, kept here a second time on purpose: the list of the product must not grow unseen.
TAGS = frozenset(
    [
        "a",
        "abbr",
        "blockquote",
        "br",
        "code",
        "dd",
        "del",
        "dl",
        "dt",
        "em",
        "h2",
        "h3",
        "h4",
        "hr",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "span",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
ATTRIBUTES = frozenset(
    [
        "href",
        "title",
        "hreflang",
        "rel",
        "src",
        "alt",
        "width",
        "height",
        "loading",
        "start",
        "scope",
        "colspan",
        "rowspan",
        "lang",
        "id",
        "aria-labelledby",
    ]
)
VOID = frozenset({"br", "hr", "img"})


def faults(html: str) -> list[str]:
    """What is wrong with the HTML of an author's text; nothing if it can do no harm."""
    return list(_Reader.read(html))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[str] = []

    @classmethod
    def read(cls, html: str) -> Iterator[str]:
        reader = cls()
        reader.feed(html)
        reader.close()
        yield from reader.found
        yield from (f"<{tag}> is not closed" for tag in reader.open)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.found.append(f"<{tag}>")
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attributes:
            self._attribute(tag, name, value or "")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.found.append(f"</{tag}> closes what it did not open")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name not in ATTRIBUTES:
            self.found.append(f"{tag} {name}={value}")
        if name in ("id", "aria-labelledby") and not value.startswith("s-"):
            self.found.append(f"{name}={value}")
        # Browsers skip blanks and control characters and read a backslash as a slash.
        address = "".join(c for c in value if c.isprintable() and not c.isspace()).replace("\\", "/")
        if name == "href" and _scheme(address) not in ("", "http", "https", "mailto"):
            self.found.append(f"href={value}")
        if name == "src" and (_scheme(address) or address.startswith("/")):
            self.found.append(f"src={value}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"<?{data}>")


def _scheme(address: str) -> str:
    try:
        return urlsplit(address).scheme
    except ValueError:
        return ""
