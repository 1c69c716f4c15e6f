"""From a project folder to a ``Catalog``: the only module that opens record files, each once."""

from __future__ import annotations

import gc
import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from catalog import model, operator, reading, thesaurus, vocabulary
from catalog.fields import ID, MAX_ID, slug
from catalog.frontmatter import Raw, read, read_yaml
from catalog.model import KINDS, Origin, Record
from catalog.problems import Problem, RenameFile
from catalog.thesaurus import Thesaurus
from catalog.vocabulary import Vocabulary

OTHERS = "partners/others.yml"
FOLDERS = ("docs", "measures", "partners")
R = TypeVar("R", bound=Record)
Proposed = Mapping[str, bytes]

# Windows keeps these names for itself, whatever the suffix: a clone with such a file would fail there.
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})

ASSETS = frozenset({".png", ".jpg", ".jpeg", ".webp", ".json"})


@dataclass(frozen=True)
class Catalog:
    """All records of a project.

    Attributes:
        vocabulary: the controlled lists.
        thesaurus: what means the same in a search.
        records: kind -> reference -> record, in the order of the files' paths.
        broken: references of records that exist but cannot be used, so that
            nobody is told that they do not exist.
    """

    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    thesaurus: Thesaurus = field(default_factory=Thesaurus)
    records: Mapping[str, Mapping[str, Record]] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()

    def __iter__(self) -> Iterator[Record]:
        for records in self.records.values():
            yield from records.values()

    def of(self, kind: str) -> Mapping[str, Record]:
        """The records of one kind by their reference."""
        return self.records.get(kind, {})

    def all(self, cls: type[R]) -> list[R]:
        """The records of one class, in the order of their paths."""
        return [record for record in self.of(cls.kind).values() if isinstance(record, cls)]

    def find(self, kinds: Iterable[str], ref: str) -> Record | None:
        """The record of one of ``kinds`` that ``ref`` names, if there is one."""
        return next((record for kind in kinds if (record := self.of(kind).get(ref))), None)

    def without(self, broken: Callable[[Record], bool]) -> Catalog:
        """The same catalogue without some records."""
        kept = {
            kind: {ref: record for ref, record in records.items() if not broken(record)}
            for kind, records in self.records.items()
        }
        return replace(self, records=MappingProxyType(kept))


def load(
    root: Path, progress: Callable[[list[str]], Iterable[str]] = iter, proposed: Proposed = MappingProxyType({})
) -> tuple[Catalog, list[Problem]]:
    """Read all records below ``root``.

    Args:
        root: the project folder.
        progress: wraps the list of paths; scripts pass a progress bar.
        proposed: files that are read in place of, or in addition to, those of the folder: path -> content.

    Returns:
        The records that can be used, and what is wrong with the others. References
        are not looked at here; that is what ``rules`` is for.
    """
    words, problems = load_vocabulary(root)
    if problems:
        return Catalog(), problems  # every record would be blamed for the vocabulary's fault
    synonyms, faults = load_thesaurus(root)
    found, misplaced = _files(root, proposed)
    problems += faults + misplaced
    records: dict[str, dict[str, Record]] = {kind: {} for kind in KINDS}
    broken: set[str] = set()
    with uncollected():
        for path in progress(found):
            content = proposed[path] if path in proposed else _content(f"{root}/{path}")
            for ref, record, faults in _records(path, content, words):
                problems += faults
                if record is not None:
                    records[record.kind][record.ref] = record
                else:
                    broken.add(ref)
    frozen = {kind: MappingProxyType(by_ref) for kind, by_ref in records.items()}
    return Catalog(words, synonyms, MappingProxyType(frozen), frozenset(broken)), problems


def settings_lines(file: Path) -> operator.Lines:
    """The line of each key of ``mkdocs.yml``, for messages about settings."""
    return operator.lines(file.read_text("utf-8"))


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the garbage collector, which would look again and again at records that all stay."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def contents(root: Path) -> Iterator[tuple[str, type[Record], bytes]]:
    """Path, kind and bytes of every file that holds one record with front matter."""
    for path in _files(root, {})[0]:
        if path != OTHERS:
            yield path, _class_of(path) or model.Page, _content(f"{root}/{path}")


def optional(root: Path, path: str) -> bytes | None:
    """The content of a file that a project may lack."""
    return _content(f"{root}/{path}") if (root / path).is_file() else None


def load_vocabulary(root: Path) -> tuple[Vocabulary, list[Problem]]:
    """Read vocabulary.yml alone."""
    try:
        content = (root / vocabulary.FILE).read_bytes()
    except FileNotFoundError:
        return Vocabulary(), [Problem(vocabulary.FILE, 1, "", "Die Datei fehlt.", "Bitte wiederherstellen.")]
    raw, problems = read_yaml(vocabulary.FILE, content)
    return vocabulary.build(raw) if raw else (Vocabulary(), problems)


def load_thesaurus(root: Path) -> tuple[Thesaurus, list[Problem]]:
    """Read thesaurus.yml alone; a project may do without."""
    content = optional(root, thesaurus.FILE)
    raw, problems = read_yaml(thesaurus.FILE, content) if content else (None, [])
    return thesaurus.build(raw) if raw else (Thesaurus(), problems)


def _files(root: Path, proposed: Proposed) -> tuple[list[str], list[Problem]]:
    """The record files below ``root`` and the proposed ones, sorted, and what lies where it should not."""
    paths = sorted({*(path for folder in FOLDERS for path in _walk(root, folder)), *proposed})
    problems = list(_lookalikes(paths))
    found: list[str] = []
    for path in paths:
        fault = _misplaced(root, path)
        if fault:
            problems.append(fault)
        elif path.endswith((".md", ".yml")):
            found.append(path)
    return found, problems


def _walk(root: Path, folder: str) -> Iterator[str]:
    """All files and links below a folder, as paths relative to ``root``; links are not followed."""
    for directory, folders, files in os.walk(root / folder):
        base = Path(directory).relative_to(root).as_posix()
        yield from (f"{base}/{name}" for name in files if not name.startswith("."))
        yield from (f"{base}/{name}" for name in folders if (Path(directory) / name).is_symlink())
        folders[:] = sorted(name for name in folders if not name.startswith("."))


def _misplaced(root: Path, path: str) -> Problem | None:
    if os.path.islink(f"{root}/{path}"):  # noqa: PTH114  (several thousand times; pathlib is slow)
        return Problem(
            path, 1, "", "Das ist eine Verknüpfung auf eine andere Datei.", "Bitte die Datei selbst hierher kopieren."
        )
    if path == OTHERS:
        return None
    if not path.endswith(".md"):
        if path.startswith("docs/") and Path(path).suffix in ASSETS:
            return None
        return Problem(
            path,
            1,
            "",
            "Diese Art von Datei gehört nicht hierher.",
            "Erlaubt sind Dateien mit der Endung .md; in docs/ auch .png, .jpg, .webp.",
        )
    cls = _class_of(path)
    if cls is None:
        return Problem(path, 1, "", "Die Datei liegt in keinem Ordner, den es gibt.", _places())
    return _bad_name(path)


def _bad_name(path: str) -> Problem | None:
    folder, *parts = path.removesuffix(".md").split("/")
    for part in parts:
        if told := name_fault(part):
            mended = "/".join((folder, *(_proposed_name(part) for part in parts))) + ".md"
            return Problem(path, 1, "", *told, RenameFile(mended))
    return None


def name_fault(name: str) -> tuple[str, str] | None:
    """Message and hint for a name that no record's file may have; ``None`` if it may."""
    if _is_id(name):
        return None
    allowed = f"Erlaubt: a–z, Ziffern, Bindestriche, höchstens {MAX_ID} Zeichen."
    return f"„{name}“ ist als Name nicht erlaubt.", f"{allowed} Vorschlag: {_proposed_name(name)}"


def _proposed_name(name: str) -> str:
    proposed = slug(name) or "name"
    return f"{proposed}-1" if proposed in _DEVICES else proposed


def _is_id(text: str) -> bool:
    return bool(ID.fullmatch(text)) and len(text) <= MAX_ID and text not in _DEVICES


def _lookalikes(paths: Iterable[str]) -> Iterator[Problem]:
    """Files whose names differ only by case or Unicode form: one would overwrite the other elsewhere."""
    seen: dict[str, str] = {}
    for path in paths:
        folded = unicodedata.normalize("NFKC", path).casefold()
        if folded in seen:
            wrong = f"Der Name gleicht „{seen[folded]}“ bis auf Groß- und Kleinschreibung oder Zeichenform."
            yield Problem(path, 1, "", wrong, "Bitte eine der beiden Dateien umbenennen oder löschen.")
        seen.setdefault(folded, path)


def _class_of(path: str) -> type[Record] | None:
    """The kind of record that a path holds; ``None`` if no kind lives there."""
    folder, _, name = path.rpartition("/")
    return model.Page if folder.startswith("docs") and name == "index.md" else _class_in(folder)


@cache
def _class_in(folder: str) -> type[Record] | None:
    """The kind of record that lives in a folder."""
    for cls in KINDS.values():
        if cls in (model.Page, model.Other):
            continue
        if folder == cls.folder:
            return None if cls.nested else cls
        if cls.nested and folder.rpartition("/")[0] == cls.folder:
            return cls
    return model.Page if folder.startswith("docs") else None


def _places() -> str:
    return "Maßnahmen liegen in measures/<partner>/, Partner in partners/, alles Übrige in docs/."


def _content(path: str) -> bytes:
    with open(path, "rb") as file:  # noqa: PTH123  (several thousand times; pathlib is slow)
        return file.read()


Outcome = tuple[str, Record | None, list[Problem]]


def _records(path: str, content: bytes, words: Vocabulary) -> Iterator[Outcome]:
    """Reference, record and problems of each record in a file."""
    raw, problems = (read_yaml if path == OTHERS else read)(path, content)
    if path == OTHERS:
        yield from (_other(raw, key, words) for key in raw.data) if raw else [("", None, problems)]
        return
    cls = _class_of(path) or model.Page
    *_, parent, id_ = path.removesuffix(".md").split("/")
    ref = f"{parent}/{id_}" if cls.nested else id_
    if raw is None:
        yield ref, None, problems
    else:
        yield ref, *reading.build(cls, Origin(id_, parent if cls.nested else "", raw), raw.data, words)


def _other(raw: Raw, key: str, words: Vocabulary) -> Outcome:
    line = raw.line((key,))
    if not _is_id(key):
        return (
            key,
            None,
            [
                Problem(
                    raw.path, line, key, f"„{key}“ ist als Kennung nicht erlaubt.", f"Vorschlag: {slug(key) or 'name'}"
                )
            ],
        )
    entry = raw.data[key]
    if not isinstance(entry, dict):
        return (
            key,
            None,
            [Problem(raw.path, line, key, "Es fehlen title und type.", "Bitte darunter eingerückt angeben.")],
        )
    return key, *reading.build(model.Other, Origin(key, "", raw, (key,)), entry, words)
