"""Tables in an author's text: Markdown gives their heads no scope and them no name.

A table is named by the heading above it, so that a screen reader announces
more than "table" and nobody has to write anything for it. Where the corner at
the top is left empty, the first column heads the rows: so authors write it.
A column that is set flush right holds numbers, which are not broken.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor

# After headings have got their ids (5), before MkDocs resolves links (0).
_PRIORITY = 4
# The class of a cell with a number.
NUMBER = "wb-number"


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
            elif element.tag == "table":
                if heading:
                    element.set("aria-labelledby", heading)
                _point(element)


def _point(table: Element) -> None:
    rows = list(table.iter("tr"))
    heads_rows = bool(rows) and len(rows[0]) > 0 and _is_empty(rows[0][0])
    for row in rows:
        for cell in row:
            if "right" in cell.get("style", ""):
                cell.set("class", NUMBER)
        for head in row.findall("th"):
            if _is_empty(head):
                head.tag = "td"  # which heads nothing
            else:
                head.set("scope", "col")
        if heads_rows and row is not rows[0] and not _is_empty(row[0]):
            row[0].tag = "th"
            row[0].set("scope", "row")


def _is_empty(cell: Element) -> bool:
    return len(cell) == 0 and not (cell.text or "").strip()
