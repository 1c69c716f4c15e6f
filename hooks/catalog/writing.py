"""From data to the text of a record's file, in the one way in which the project writes them.

The form on the site writes the same files (``overrides/assets/record-file.js``);
a test compares the two.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from catalog.forms import FormField

Data = Mapping[str, Any]

# Words without any sign that YAML could take for its own; a colon only inside a word, as in an address.
_PLAIN = re.compile(r"[A-Za-zÄÖÜäöüß„(/](?:[^\x00-\x1f:#\[\]{},&*!|>'\"%@`\\]|,(?=\s)|:(?=[^\s]))*")
_IN_A_LIST = re.compile(r"[A-Za-zÄÖÜäöüß][\wÄÖÜäöüß ./–-]*")
# What YAML 1.1 reads as something other than text.
_MEANT_OTHERWISE = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"})
# Kinds whose values are written bare, as everybody writes them: dates, whole numbers, true and false, line ranges.
_WORD = re.compile(r"[\w./-]+")
_BARE = {"date": _WORD, "count": _WORD, "flag": _WORD, "lines": re.compile(r"[0-9](?:[0-9, -]*[0-9])?")}


def record_file(fields: Iterable[FormField], data: Data, text: str) -> str:
    """A record's file.

    Args:
        fields: the fields of its kind, in their order.
        data: the values by key; a value is a string, a list, a mapping, or ``None``. What is empty is left out.
        text: the Markdown below the front matter.
    """
    return "\n".join(["---", *front_matter(fields, data), "---", *filter(None, [text.strip()]), ""])


def front_matter(fields: Iterable[FormField], data: Data) -> list[str]:
    """The lines of the front matter, without the fences."""
    return [line for field in fields for line in _entry(field, data.get(field.key))]


def scalar(value: str, kind: str = "line", inside_list: bool = False) -> str:
    """One value as YAML: bare where nothing can be misread, else in double quotes."""
    if kind in _BARE and _BARE[kind].fullmatch(value):
        return value
    plain = (_IN_A_LIST if inside_list else _PLAIN).fullmatch(value) and value == value.strip()
    if plain and value.casefold() not in _MEANT_OTHERWISE and not value.endswith(","):
        return value
    return json.dumps(value, ensure_ascii=False)


def _entry(field: FormField, value: Any) -> Iterator[str]:
    if not value:
        return
    if field.kind == "part":
        yield f"{field.key}:"
        for entry in value if field.many else (value,):
            lines = front_matter(field.parts, entry)
            marks = ("  - ", "    ") if field.many else ("  ", "  ")
            yield from (f"{marks[0] if number == 0 else marks[1]}{line}" for number, line in enumerate(lines))
    elif field.many and field.kind == "line":  # sentences, each in a line of its own
        yield f"{field.key}:"
        yield from (f"  - {scalar(entry)}" for entry in value)
    elif field.many:
        yield f"{field.key}: [{', '.join(scalar(entry, field.kind, True) for entry in value)}]"
    elif "\n" in value.strip():
        yield f"{field.key}: |"
        yield from (f"  {line}".rstrip() for line in value.strip().split("\n"))
    else:
        yield f"{field.key}: {scalar(value.strip(), field.kind)}"
