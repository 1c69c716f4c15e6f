"""Inputs for the targets: texts of the pieces that the readers know, and seeds with pieces put in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hypothesis import strategies as st
from targets import BASE, seeds

_MARKDOWN = (
    "[", "]", "(", ")", "![", "](", "<", ">", "</", "<a ", "<img src=x onerror=y>", "<script>", "<!--", "-->", "<![CDATA[", "<?",
    "&", "&#", "&#x202e;", "&lt;", "`", "``", "\\", "\\`", "*", "**", "_", "# ", "\n## ", "\n\n", "\n", "    ", "\t", "> ", "- ",
    "1. ", "|", "\n|a|b|\n|-|-|\n", "\n: ", "*[a]: b\n", "\n[a]: http://[\n", "[a]", "http://[", "javascript:", "//", "x", "ä",
    "wzxhzdk:0", "klzzwxh:0", "{{", "{%", "{: onclick=x }", "--8<--", "\u200b", "\x02", "id=\"inhalt\"", "href=", "src=", "\"", "'",
)  # fmt: skip
_YAML = (
    "---\n", "title: ", "summary: ", "aliases: ", "sources: ", "- ", "  ", "\n", ": ", "[", "]", "{", "}", ", ", "&a ", "*a", "!!x ",
    "|\n", ">\n", "\"", "'", "#", " #", "\\u202e", "\t", "? ", "<<: ", "~", "null", "2020-02-30", "0123", "x", "ä", "../", "%", "@", "`",
    "status: laufend\n", "category: anteil\n", "target_groups: [schueler]\n", "formats: [fortbildung]\n", "{document: bericht}",
)  # fmt: skip
_PROPOSAL = (
    "### ", "### Titel\n\n", "### Text\n\n", "### Maßnahme\n\n", "### Partner\n\n", "### Kennung\n\n", "### Belege\n\n", "### Zahlen\n\n",
    "### Neuer Partner: Titel\n\n", "### Neues Dokument: Titel\n\n", "(bisher)", "(weitere)", "(entfernen)", "- [x] ", "- [ ] ", " | ",
    "\\|", "<!--", "-->", "_No response_", "../", "kreis-lippe/schulung", "kreis-lippe", "bericht", "laufend", ",", ";", "\n", "\n\n",
    "---\n", "`", "@alle", "\u2028", "\x00", "ä", "x",
)  # fmt: skip
PIECES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"frontmatter": _YAML, "model": _YAML, "render": _MARKDOWN, "proposal": (*_PROPOSAL, *_YAML[:8])}
)


def inputs(target: str) -> st.SearchStrategy[bytes]:
    """Texts of pieces, seeds with pieces in their middle, and any bytes at all."""
    pieces = PIECES[target]
    texts = st.lists(st.sampled_from(pieces) | st.text(max_size=5), max_size=60).map("".join)
    known = [path.read_bytes() for path in seeds(target)] or [(BASE / "measures/kreis-lippe/schulung.md").read_bytes()]
    encoded = texts.map(lambda text: text.encode(errors="replace"))
    spliced = st.builds(
        lambda seed, piece, place: seed[: place % (len(seed) + 1)] + piece + seed[place % (len(seed) + 1) :],
        st.sampled_from(known), encoded, st.integers(0, 4096),
    )  # fmt: skip
    return encoded | spliced | st.binary(max_size=200)
