"""Tables in an author's text: Markdown gives their heads no scope and them no name.

A table is named by the heading above it, so that a screen reader announces
more than "table" and nobody has to write anything for it.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor

# After headings have got their ids (5), before MkDocs resolves links (0).
_PRIORITY = 4


class TableNames(Extension):
    """Markdown extension that names tables and says which way their heads point."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(_Namer(md), "table-names", _PRIORITY)


class _Namer(Treeprocessor):
    def run(self, root: Element) -> None:
        heading = ""
        for element in root.iter():
            if element.tag in ("h2", "h3", "h4"):
                heading = element.get("id", "")
            elif element.tag == "table" and heading:
                element.set("aria-labelledby", heading)
            elif element.tag == "th":
                element.set("scope", "col")
