"""From the bytes of a file to a ``Raw``: strings, the line of each key, and the text below.

``python-frontmatter`` splits the file, a handler of ours reads the YAML. YAML's
own guesses are switched off, because they corrupt what editors write:
``05515000`` would become a number, ``NO`` a false. Every scalar stays a string.
What YAML offers beyond plain data (anchors, aliases, tags) is refused: nobody
needs it here, and it is how a small file blows up a build.
"""

from __future__ import annotations

import html
import itertools
import json
import re
import string
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import BaseHandler

from catalog import limits
from catalog.problems import KeyPath, Problem, Remedy, ReplaceLine

MAX_BYTES = 200_000
MAX_DEPTH = 8
MAX_REFERENCE = 40  # digits with all the zeros before them
# Control, format and private characters (categories Cc, Cf, Co) but line feed and tab, the separators of lines
# and paragraphs (Zl, Zp), at which YAML begins a new line, and BLANKS; a test compares with Unicode.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\u2800\u3164"
    "\ue000-\uf8ff\ufeff\uffa0\ufff9-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0001\U000e0020-\U000e007f\U000f0000-\U000ffffd\U00100000-\U0010fffd]"
)
# Letters, marks and signs that show nothing, so that a title may consist of them and be no link that anybody sees.
BLANKS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
# Marks above and below one letter, in the blocks that have no end of them; no language needs so many, and they would
# cover the lines around it.
MAX_MARKS = 6
_STACKED = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc"
    f"\u0ec8-\u0ecd\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]{{{MAX_MARKS + 1}}}"
)

Path = KeyPath


@dataclass(frozen=True, slots=True)
class Raw:
    """A file as its editor wrote it.

    Attributes:
        path: the file, relative to the project, with ``/``.
        data: the front matter; all scalars are strings.
        lines: for each path into ``data`` the line it stands in, counted from 1.
        text: the Markdown below the front matter.
        text_line: the line where that text begins.
        blanks: whether a key has no value.
    """

    path: str
    data: dict[str, Any]
    lines: MappingProxyType[Path, int]
    text: str = ""
    text_line: int = 1
    blanks: bool = False

    def line(self, path: Path) -> int:
        """The line of ``path``, or of the nearest thing around it that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(path: str, content: bytes) -> tuple[Raw | None, list[Problem]]:
    """Read a Markdown file with front matter; ``None`` if nothing of it can be used."""
    text, problems = decode(path, content)
    if problems:
        return None, problems
    lines = text.split("\n")
    opening = next((i for i, line in enumerate(lines) if line.strip()), 0)
    opened = is_fence(lines[opening])
    closing = next((i for i in range(opening + 1, len(lines)) if is_fence(lines[i])), None)
    if not opened or closing is None:
        return None, [_no_front_matter(path, opening + 1, opened)]
    reader = _Reader(path, first_line=opening + 1, most=limits.MAX_ENTRIES)
    _, body = frontmatter.parse(text, handler=reader)
    if not reader.data and not reader.problems:
        wrong = "Zwischen den Zeilen „---“ steht nichts."
        reader.problems.append(Problem(path, opening + 1, "", wrong, "Bitte mindestens title und summary angeben."))
    if reader.problems:
        return None, reader.problems
    first = next((i for i in range(closing + 1, len(lines)) if lines[i].strip()), closing + 1)
    if found := list(limits.entangled(path, body, first + 1)):
        return None, found
    return Raw(path, reader.data, MappingProxyType(reader.lines), body, first + 1, reader.blanks), []


def read_yaml(path: str, content: bytes) -> tuple[Raw | None, list[Problem]]:
    """Read a file that is YAML throughout (``others.yml``, ``vocabulary.yml``)."""
    text, problems = decode(path, content)
    if problems:
        return None, problems
    reader = _Reader(path, first_line=1, most=MAX_BYTES)  # a list of many things
    reader.load(text)
    if reader.problems:
        return None, reader.problems
    return Raw(path, reader.data, MappingProxyType(reader.lines), blanks=reader.blanks), []


def decode(path: str, content: bytes) -> tuple[str, list[Problem]]:
    """Decode a file; what a web editor adds by itself (BOM, CRLF, decomposed umlauts) is levelled."""
    if len(content) > MAX_BYTES:
        size = f"{-(-len(content) // 1000)} KB"
        return "", [Problem(path, 1, "", f"Die Datei ist mit {size} zu groß.", "Erlaubt sind 200 KB; bitte kürzen.")]
    if not content.strip():
        return "", [Problem(path, 1, "", "Die Datei ist leer.", "Bitte ausfüllen oder löschen.")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        wrong = f"Das Byte 0x{content[error.start]:02X} ist kein UTF-8."
        return "", [Problem(path, line, "", wrong, "Bitte die Datei in der Kodierung UTF-8 speichern.")]
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text, [*_forbidden_characters(path, text), *limits.long_line(path, text)]


def _forbidden_characters(path: str, text: str) -> Iterator[Problem]:
    """Characters that nobody sees but that change what is read (control, direction, zero width), and piles of marks."""
    if _hidden(text) is None and not _referenced(text) and not ("&" in text and _STACKED.search(html.unescape(text))):
        return
    for number, line in enumerate(text.split("\n"), start=1):
        character = _hidden(line) or _hidden(html.unescape(line)) or _hidden(_referenced(line))
        if character is not None:
            yield _forbidden(path, number, "", character)


def _referenced(text: str) -> str:
    """The hidden characters that HTML's references by number would bring back in a browser (``&#x202e;``, ``&#27;``).

    ``html.unescape`` leaves out control characters, which browsers do not.
    """
    found = ""
    for reference in text.split("&#")[1:]:
        hexadecimal = reference[:1] in ("x", "X")
        allowed = string.hexdigits if hexadecimal else string.digits
        digits = "".join(itertools.takewhile(allowed.__contains__, reference[hexadecimal:MAX_REFERENCE]))
        code = int(digits or "0", 16 if hexadecimal else 10)
        found += (_hidden(chr(code)) or "") if code <= sys.maxunicode else ""
    return found


def _hidden(text: str) -> str | None:
    """The first character of ``text`` that nobody sees, or else the first marks that pile up."""
    match = _HIDDEN.search(text) or _STACKED.search(text)
    return match[0] if match else None


def _forbidden(path: str, line: int, field_name: str, character: str) -> Problem:
    if len(character) > 1:
        wrong = f"Hier stehen mehr als {MAX_MARKS} Zeichen übereinander."
        return Problem(path, line, field_name, wrong, "Bitte die Stelle löschen und neu tippen.")
    name = unicodedata.name(character, "Steuerzeichen")
    message = f"Hier steht ein unsichtbares Zeichen: U+{ord(character):04X} ({name})."
    return Problem(path, line, field_name, message, "Bitte die Stelle löschen und neu tippen.")


def is_fence(line: str) -> bool:
    """Whether a line opens or closes the front matter."""
    return line.startswith("---") and not line.rstrip(" \t").strip("-")


def _no_front_matter(path: str, line: int, opened: bool) -> Problem:
    if opened:
        return Problem(
            path, line, "", "Der Kopf der Datei ist nicht geschlossen.", "Nach den Angaben fehlt eine Zeile „---“."
        )
    return Problem(
        path,
        line,
        "",
        "Die Datei beginnt nicht mit Angaben zwischen zwei Zeilen „---“.",
        "Ein Muster steht unter mitmachen/felder.",
    )


class _Reader(BaseHandler):
    """A handler for python-frontmatter that builds plain data from YAML events.

    Events are used, not nodes, since only they show anchors, aliases and tags.
    """

    FM_BOUNDARY = re.compile(r"^-{3,}[ \t]*$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "---"

    def __init__(self, path: str, first_line: int, most: int) -> None:
        super().__init__()
        self.path = path
        self.first_line = first_line
        self.most = most
        self.data: dict[str, Any] = {}
        self.lines: dict[Path, int] = {}
        self.problems: list[Problem] = []
        self.source: list[str] = []
        self.extras = self.comments = self.blanks = False

    def load(self, fm: str) -> dict[str, Any]:
        """Fill ``data`` and ``lines``, or ``problems``."""
        self.source = fm.split("\n")
        self.extras = any(sign in fm for sign in "&*!")
        self.comments = "#" in fm
        loader = yaml.CBaseLoader(fm)
        events = iter(loader.get_event, None)
        try:
            for event in events:
                if isinstance(event, yaml.DocumentStartEvent):
                    self._document(next(events), events)
        except yaml.YAMLError as error:
            self.problems.append(self._explain(error))
        except _StopError:
            pass
        finally:
            loader.dispose()
        return self.data

    def _document(self, event: yaml.Event, events: Iterator[yaml.Event]) -> None:
        if self.data:
            wrong = "Eine Datei enthält nur einen Kopf."
            self._stop(event, "", wrong, "Bitte die zweite Zeile „---“ im Kopf entfernen.")
        value = self._value(event, events, ())
        if isinstance(value, dict):
            self.data = value
        elif explained := self._recognise(range(len(self.source))):
            self.problems.append(explained)
        else:
            wrong = "Der Kopf besteht nicht aus Angaben."
            self._stop(event, "", wrong, "Bitte je Zeile „Schlüssel: Wert“ schreiben.")

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path) -> Any:
        if self.extras:
            self._refuse_extras(event, path)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if len(path) >= MAX_DEPTH:
            self._stop(
                event,
                dotted(path),
                f"Die Angaben sind tiefer als {MAX_DEPTH} Ebenen verschachtelt.",
                "Bitte vereinfachen.",
            )
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(events, path)
        return self._mapping(events, path)

    def _list(self, events: Iterator[yaml.Event], path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            self.lines[*path, len(items)] = self._line(event)
            items.append(self._value(event, events, (*path, len(items))))
            if len(items) > self.most:
                self._stop_at_most(event, path)
        return items

    def _mapping(self, events: Iterator[yaml.Event], path: Path) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if self.extras:
                self._refuse_extras(event, path)
            if not isinstance(event, yaml.ScalarEvent):
                wrong = "Ein Schlüssel muss ein einfaches Wort sein."
                self._stop(event, dotted(path), wrong, "Bitte „Schlüssel: Wert“ schreiben.")
            key = str(getattr(event, "value", ""))
            if key in mapping:
                wrong = f"„{key}“ steht zweimal, zuerst in Zeile {self.lines[*path, key]}."
                self._note(self._line(event), dotted((*path, key)), wrong, "Bitte eine der beiden Zeilen löschen.")
            self.lines[*path, key] = self._line(event)
            mapping[key] = self._value(next(events), events, (*path, key))
            if len(mapping) > self.most:
                self._stop_at_most(event, path)
        return mapping

    def _stop_at_most(self, event: yaml.Event, path: Path) -> None:
        self._stop(event, dotted(path), f"Das sind mehr als {self.most} Einträge.", "Bitte kürzen.")

    def _scalar(self, event: yaml.ScalarEvent, path: Path) -> str:
        if len(event.value) > limits.MAX_VALUE:
            wrong = f"Die Angabe hat {len(event.value)} Zeichen; erlaubt sind {limits.MAX_VALUE}."
            self._note(self._line(event), dotted(path), wrong, "Bitte kürzen; Einzelheiten gehören in den Text.")
        if event.implicit[0]:  # plain, not quoted
            self.blanks |= not event.value
            if self.comments:
                self._refuse_lost_comment(event, path)
        elif (character := _hidden(event.value)) is not None:  # by an escape such as \u202e
            self.problems.append(_forbidden(self.path, self._line(event), dotted(path), character))
        return event.value.strip()

    def _refuse_lost_comment(self, event: yaml.ScalarEvent, path: Path) -> None:
        """YAML drops what follows `` #``; in running text (``Runde #2``) a reader would miss it."""
        end = event.end_mark
        # Nothing at the end of the file has its mark behind it.
        rest = self.source[end.line][end.column :] if end and end.line < len(self.source) else ""
        if rest.lstrip().startswith("#"):
            value = f"{event.value} {rest.strip()}".strip()
            remedy = None
            if event.start_mark and not rest.lstrip().startswith("# "):  # a hash before a word belongs to the text
                remedy = self._replaced(event.start_mark.line, event.start_mark.column, value)
            self._note(
                self._line(event),
                dotted(path),
                f"„{rest.strip()}“ gälte als Kommentar und ginge verloren.",
                f'Bitte in Anführungszeichen setzen: "{value}"',
                remedy,
            )

    def _replaced(self, number: int, column: int, value: str) -> ReplaceLine:
        """The line of the YAML with ``value``, quoted, in place of all that stands from ``column``."""
        quoted = json.dumps(value, ensure_ascii=False)
        return ReplaceLine(number + self.first_line, f"{self.source[number][:column]}{quoted}")

    def _refuse_extras(self, event: yaml.Event, path: Path) -> None:
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent):
            wrong = f"„*{anchor}“ ist ein YAML-Verweis; Verweise sind nicht erlaubt."
        elif anchor is not None:
            wrong = f"„&{anchor}“ ist ein YAML-Anker; Anker sind nicht erlaubt."
        elif tag not in (None, "!"):
            shown = str(tag).replace("tag:yaml.org,2002:", "!!")
            wrong = f"„{shown}“ ist ein YAML-Typ; Typen sind nicht erlaubt."
        else:
            return
        self._stop(event, dotted(path), wrong, "Bitte weglassen oder den ganzen Wert in Anführungszeichen setzen.")

    def _line(self, event: yaml.Event) -> int:
        return (event.start_mark.line if event.start_mark else 0) + self.first_line

    def _note(self, line: int, field_name: str, message: str, hint: str, remedy: Remedy | None = None) -> None:
        self.problems.append(Problem(self.path, line, field_name, message, hint, remedy))

    def _stop(self, event: yaml.Event, field_name: str, message: str, hint: str) -> None:
        self._note(self._line(event), field_name, message, hint)
        raise _StopError

    def _explain(self, error: yaml.YAMLError) -> Problem:
        """Say what the editor did, not what the parser met."""
        marks = [getattr(error, name, None) for name in ("problem_mark", "context_mark")]
        met = min(marks[0].line if marks[0] else 0, len(self.source) - 1)
        # The parser often notices a mistake a line after it was made, or where an opened quote ends.
        lines = [met, met - 1, *(mark.line for mark in marks[1:] if mark)]
        explained = self._recognise(lines)
        if explained:
            return explained
        reason = getattr(error, "problem", None) or "unbekannter Fehler"
        wrong = f"„{self.source[met].strip()}“ ist hier nicht lesbar ({reason})."
        hint = "Bitte Einrückung, Doppelpunkte und Anführungszeichen prüfen."
        return Problem(self.path, met + self.first_line, "", wrong, hint)

    def _recognise(self, lines: Iterable[int]) -> Problem | None:
        """The first known mistake in one of these lines of the YAML."""
        lines = [number for number in lines if 0 <= number < len(self.source)]
        for explanation in _EXPLANATIONS:
            for number in lines:
                if match := explanation.pattern.match(self.source[number]):
                    said = match.groupdict()
                    message, hint = explanation.message.format(**said), explanation.hint.format(**said)
                    remedy = self._mended(explanation, match, number)
                    return Problem(self.path, number + self.first_line, said["key"], message, hint, remedy)
        return None

    def _mended(self, explanation: _Explanation, match: re.Match[str], number: int) -> Remedy | None:
        if explanation.mend == "quote":
            return self._replaced(number, match.start("value"), match["value"].strip())
        line = self.source[number]
        if explanation.mend == "space":
            return ReplaceLine(
                number + self.first_line, f"{line[: match.start('value')]} {line[match.start('value') :]}"
            )
        return None


class _StopError(Exception):
    """The rest of this front matter makes no sense; the problem is noted already."""


@dataclass(frozen=True, slots=True)
class _Explanation:
    """A mistake that editors make, recognised by the line it stands in.

    Attributes:
        pattern: matches the line; its groups are ``key`` and ``value``.
        message: what is wrong, with places for the groups.
        hint: the way out, likewise.
        mend: what always mends it: to ``quote`` the value, to put a ``space`` before it, or nothing.
    """

    pattern: re.Pattern[str]
    message: str
    hint: str
    mend: str = ""


_KEY = r"[ ]*(?:-[ ]+)?(?P<key>[\w-]+):[ ]+"
_EXPLANATIONS = (
    _Explanation(
        re.compile(r"(?P<key>)[ ]*\t"),
        "Die Zeile ist mit einem Tabulator eingerückt.",
        "Bitte durch Leerzeichen ersetzen.",
    ),
    _Explanation(
        re.compile(_KEY + r"(?P<value>[^\"'\[{|>#][^#]*?:(?:[ ].*|))$"),
        "„{value}“ enthält einen Doppelpunkt.",
        'Bitte in Anführungszeichen setzen: {key}: "{value}"',
        "quote",
    ),
    _Explanation(
        re.compile(_KEY + r"(?P<value>[%@`*&!?|>\]}},].*)$"),
        "„{value}“ beginnt mit einem Zeichen, das in YAML eine eigene Bedeutung hat.",
        'Bitte in Anführungszeichen setzen: {key}: "{value}"',
        "quote",
    ),
    _Explanation(
        re.compile(_KEY + r"(?P<value>\"(?:[^\"\\]|\\.)*\"[ ]*[^ #].*)$"),
        "{value} enthält gerade Anführungszeichen mitten im Wert.",
        "Bitte innen „…“ statt gerader Anführungszeichen verwenden.",
    ),
    _Explanation(
        re.compile(_KEY + r"(?P<value>[\"'][^\"']*)$"),
        "{value} beginnt mit einem Anführungszeichen, das nicht geschlossen wird.",
        "Bitte am Ende des Werts ein gleiches Anführungszeichen setzen.",
    ),
    _Explanation(
        re.compile(_KEY + r"(?P<value>[\[{{][^\]}}]*)$"),
        "Die Liste „{value}“ wird nicht geschlossen.",
        "Bitte die Liste mit „]“ beenden.",
    ),
    _Explanation(
        re.compile(r"[ ]*(?P<key>[\w-]+):(?P<value>[^ \n\"'].*)$"),
        "Nach dem Doppelpunkt von „{key}:“ fehlt ein Leerzeichen.",
        "Bitte so schreiben: {key}: {value}",
        "space",
    ),
)


def dotted(path: Path) -> str:
    """``('figures', 0, 'value')`` as editors count: ``figures[1].value``."""
    name = ""
    for part in path:
        name += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if name else part
    return name
