"""Changing a record's file: what a check calls for, what an editor answers, and the order of the house.

Text in, text out. Values are replaced where YAML itself says that they stand, so
that comments, quotes and everything else stay as their editor wrote them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from catalog import frontmatter
from catalog.forms import FormField
from catalog.problems import DropItem, KeepYear, KeyPath, MakeList, Problem, Remedy, RenameKey, ReplaceLine, SetValue
from catalog.writing import front_matter, scalar

# Lines first, since a file that cannot be read has no values; what is kept is copied before it changes; items go last,
# from the end, or the others would move.
_ORDER = (ReplaceLine, KeepYear, SetValue, MakeList, RenameKey, DropItem)


def mend(text: str, remedies: Iterable[Remedy]) -> str:
    """The file with all remedies applied that still fit."""
    fitting = [remedy for remedy in dict.fromkeys(remedies) if isinstance(remedy, _ORDER)]
    for remedy in sorted(fitting, key=_turn):
        text = _applied(text, remedy)
    return text


def _turn(remedy: Remedy) -> tuple[int, int]:
    place = remedy.at[-1] if isinstance(remedy, DropItem) else 0
    return _ORDER.index(type(remedy)), -int(place)


def set_values(text: str, fields: Iterable[FormField], changes: Mapping[str, Any]) -> str:
    """The file with other values for some keys of its front matter.

    Args:
        text: a file that can be read.
        fields: the fields of its kind, in their order.
        changes: key -> string, list or mapping; ``None`` or an empty value takes the key away.
    """
    fields = tuple(fields)
    for field in fields:
        if field.key in changes:
            text = _with_value(text, field, [f.key for f in fields], changes[field.key])
    return text


def replace_text(text: str, body: str) -> str:
    """The file with another Markdown text below its front matter."""
    head = _Head.of(text)
    return "\n".join([*head.lines[: head.end + 1], body.strip(), ""])


def tidied(text: str, keys: Iterable[str]) -> str:
    """The file in the order of the house: keys in their order, no blanks at the ends of lines, one final newline.

    Two blanks before a further line of the text stay: in Markdown they break the line.
    """
    head = _Head.of(_in_order(text, list(keys)))
    lines = [line.rstrip() for line in head.lines[: head.end + 1]]
    body = head.lines[head.end + 1 :]
    for number, line in enumerate(body):
        breaks = line.endswith("  ") and line.strip() and "".join(body[number + 1 : number + 2]).strip()
        lines.append(line if breaks else line.rstrip())
    return "\n".join(lines).rstrip("\n") + "\n"


def untidy(path: str, content: bytes, keys: Iterable[str]) -> Iterator[Problem]:
    """What ``tidied`` would change in a file, as hints; nothing if it cannot be read."""
    text, faults = frontmatter.decode(path, content)
    if faults:
        return
    hint = "scripts/validate.py --fix ändert das."
    if text.encode() != content:
        yield Problem(path, 1, "", "Die Datei hat Zeilenenden oder Zeichen eines anderen Systems.", hint)
    ordered = _in_order(text, list(keys))
    if (line := _first_difference(text, ordered)) is not None:
        yield Problem(path, line, "", "Ab hier stehen die Angaben nicht in der üblichen Reihenfolge.", hint)
    if (line := _first_difference(ordered, tidied(ordered, keys))) is not None:
        yield Problem(path, line, "", "Hier stehen überflüssige Leerzeichen oder Leerzeilen.", hint)


def _first_difference(one: str, other: str) -> int | None:
    if one == other:
        return None
    pairs = zip(one.split("\n"), other.split("\n"), strict=False)
    return next((number for number, (a, b) in enumerate(pairs, 1) if a != b), one.count("\n") + 1)


@dataclass(frozen=True, slots=True)
class _Head:
    """The YAML of a file.

    Attributes:
        lines: all lines of the file.
        start: index of its first line.
        end: index of the line after its last one.
        node: what PyYAML makes of it; ``None`` if it cannot be read.
    """

    lines: list[str]
    start: int
    end: int
    node: yaml.Node | None

    @classmethod
    def of(cls, text: str) -> _Head:
        lines = text.split("\n")
        fences = [number for number, line in enumerate(lines) if frontmatter.is_fence(line)][:2]
        start, end = (fences[0] + 1, fences[1]) if len(fences) == 2 else (0, len(lines))
        try:
            node = yaml.compose("\n".join(lines[start:end]), Loader=yaml.CBaseLoader)
        except yaml.YAMLError:
            node = None
        return cls(lines, start, end, node)

    def find(self, at: KeyPath) -> tuple[yaml.Node | None, yaml.Node | None]:
        """The nodes of a key and its value; an item of a list has no key."""
        key, value = None, self.node
        for part in at:
            if isinstance(part, int) and isinstance(value, yaml.SequenceNode) and part < len(value.value):
                key, value = None, value.value[part]
            elif isinstance(value, yaml.MappingNode):
                key, value = next(((k, v) for k, v in value.value if k.value == part), (None, None))
            else:
                return None, None
        return key, value

    def line_of_text(self, at: KeyPath) -> yaml.ScalarNode | None:
        """The value at a place, if it is a single text in one line."""
        _, node = self.find(at)
        if not isinstance(node, yaml.ScalarNode) or node.start_mark.line != node.end_mark.line:
            return None
        return node

    def replaced(self, node: yaml.Node, value: str) -> str:
        """The file with ``value`` in place of a node that stands in one line."""
        return self.cut(node.start_mark, node.end_mark, value)

    def cut(self, start: yaml.Mark, end: yaml.Mark, value: str) -> str:
        """The file with ``value`` between two marks of the YAML."""
        first, last = self.start + start.line, self.start + end.line
        line = f"{self.lines[first][: start.column]}{value}{self.lines[last][end.column :]}"
        return "\n".join([*self.lines[:first], line, *self.lines[last + 1 :]])


def _applied(text: str, remedy: Remedy) -> str:
    """The file with one remedy applied; unchanged where it does not fit."""
    head = _Head.of(text)
    match remedy:
        case ReplaceLine(line, mended):
            return "\n".join([*head.lines[: line - 1], mended, *head.lines[line:]])
        case SetValue(at, new) if (node := head.line_of_text(at)) is not None:
            return head.replaced(node, _as_before(node, new))
        case MakeList(at) if (node := head.line_of_text(at)) is not None:
            return head.replaced(node, f"[{scalar(node.value, inside_list=True)}]")
        case RenameKey(at, key) if (named := head.find(at)[0]) is not None:
            return head.replaced(named, key)
        case DropItem((*above, int(number))):
            return _without_item(head, tuple(above), number)
        case KeepYear((*above, int(number)), year, keys):
            return _with_year(head, tuple(above), number, year, keys)
    return text


def _as_before(node: yaml.ScalarNode, value: str) -> str:
    """The new value of a scalar, bare only if the old one was."""
    bare = not node.style and re.fullmatch(r"[\w./-]+", value)
    return value if bare else scalar(value, inside_list=True)


def _without_item(head: _Head, above: KeyPath, number: int) -> str:
    _, node = head.find(above)
    if not isinstance(node, yaml.SequenceNode) or number >= len(node.value):
        return "\n".join(head.lines)
    items: list[yaml.Node] = node.value
    if not node.flow_style:
        first = head.start + items[number].start_mark.line
        return "\n".join([*head.lines[:first], *head.lines[first + 1 :]])
    if number:
        return head.cut(items[number - 1].end_mark, items[number].end_mark, "")
    return head.cut(items[0].start_mark, items[1].start_mark if items[1:] else items[0].end_mark, "")


def _with_year(head: _Head, above: KeyPath, number: int, year: str, keys: tuple[str, ...]) -> str:
    """The file with one more item, whose lines repeat those of ``keys``; unchanged if the list stands in one line."""
    _, node = head.find(above)
    if not isinstance(node, yaml.SequenceNode) or node.flow_style or number >= len(node.value):
        return "\n".join(head.lines)
    first = head.start + node.value[number].start_mark.line
    margin = head.lines[first][: len(head.lines[first]) - len(head.lines[first].lstrip())]
    kept = [line for block in _blocks(head)[1] if block.key in keys for line in block.lines if line.strip()]
    item = [f"{margin}- year: {year}", *(f"{margin}  {line}" for line in kept)]
    return "\n".join([*head.lines[:first], *item, *head.lines[first:]])


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines of a top-level key: comments above it, and the lines from its own to the next block."""

    key: str
    comments: list[str]
    lines: list[str]


def _blocks(head: _Head) -> tuple[list[str], list[_Block]]:
    """What stands before the first key, and the blocks in their order."""
    pairs = head.node.value if isinstance(head.node, yaml.MappingNode) else []
    starts = [head.start + key.start_mark.line for key, _ in pairs]
    tops: list[int] = []
    for number, start in enumerate(starts):
        floor = starts[number - 1] if number else head.start - 1
        top = start
        while top - 1 > floor and _is_comment(head.lines[top - 1]):
            top -= 1
        tops.append(top)
    ends = [*tops[1:], head.end][: len(tops)]
    blocks = [
        _Block(key.value, head.lines[top:start], head.lines[start:end])
        for (key, _), top, start, end in zip(pairs, tops, starts, ends, strict=True)
    ]
    return head.lines[head.start : tops[0] if tops else head.end], blocks


def _is_comment(line: str) -> bool:
    return line.startswith("#")


def _joined(head: _Head, before: list[str], blocks: Iterable[_Block]) -> str:
    inside = [line for block in blocks for line in (*block.comments, *block.lines)]
    return "\n".join([*head.lines[: head.start], *before, *inside, *head.lines[head.end :]])


def _in_order(text: str, keys: list[str]) -> str:
    head = _Head.of(text)
    before, blocks = _blocks(head)
    known = [block for block in blocks if block.key in keys]
    known.sort(key=lambda block: keys.index(block.key))
    unknown = [block for block in blocks if block.key not in keys]
    return _joined(head, before, (*known, *unknown))


def _with_value(text: str, field: FormField, keys: list[str], value: Any) -> str:
    head = _Head.of(text)
    before, blocks = _blocks(head)
    lines = front_matter([field], {field.key: value})
    old = next((block for block in blocks if block.key == field.key), None)
    if old is None:
        rank = keys.index(field.key)
        later = (n for n, b in enumerate(blocks) if b.key in keys and keys.index(b.key) > rank)
        at = next(later, len(blocks))
        blocks[at:at] = [_Block(field.key, [], lines)] if lines else []
    else:
        inner = [line.strip() for line in old.lines[1:] if line.lstrip().startswith("#")]
        kept = [*old.comments, *inner]
        blocks[blocks.index(old)] = _Block(field.key, kept, lines)
    return _joined(head, before, blocks)
