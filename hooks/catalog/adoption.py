"""Taking over a measure of another site: what is taken, and whether the original has changed since.

What an original said is kept as a short sum of each of its values. It tells which
values have changed since, and takes one line in the file of the own measure.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.federation import Snapshot, Snapshots, path_of
from catalog.model import AdoptedFrom, Measure, fields_by_key
from catalog.naming import in_full

TEXT = "text"
# What may change at the original without anything new for those who took it over: addresses, and the day of a check.
_UNTOLD = frozenset({"aliases", "checked", "adopted_from", "sources", "source_note"})
# What an own measure begins with. Not its figures, dates, partners and evidence: they tell of the original.
TAKEN = ("title", "summary", "category", "target_groups", "formats", "languages", "einfach")
# A measure that has been taken over is one that the partner means to carry out.
STATUS = "geplant"
_LENGTH = 8
_SHOWN = 60  # letters of a value in a message


@dataclass(frozen=True, slots=True)
class Change:
    """That a value of the original is another one now.

    Attributes:
        key: of the front matter, or ``TEXT``.
        title: its German name.
        before: what it was, as far as the own measure still says the same; else empty.
        after: what it is now; empty if it is gone.
    """

    key: str
    title: str
    before: str
    after: str

    @property
    def told(self) -> str:
        """``status (Status): „geplant“ → „laufend“``."""
        known = " → ".join(f"„{value}“" for value in (self.before, self.after) if value)
        return f"{self.key} ({self.title}): {known if self.after else f'{known} entfällt'.strip()}"


def version(original: Measure) -> str:
    """What an original says now, as one line: the sum of each value that is given."""
    return " ".join(f"{key}={_sum(value)}" for key, value in _values(original).items())


def changes(own: Measure, original: Measure) -> tuple[Change, ...]:
    """What has changed at the original since ``own`` was modelled after it; nothing if that state is not known."""
    adopted = own.adopted_from
    if adopted is None or adopted.version is None:
        return ()
    then = dict(entry.split("=") for entry in adopted.version.split())
    now, ours = _values(original), _values(own)
    return tuple(_changes(then, now, ours))


def taken(original: Measure) -> dict[str, Any]:
    """The values with which an own measure begins, as its file says them, without evidence."""
    values = {key: value for key, value in _values(original).items() if key in TAKEN}
    return {**values, "category_inferred": "true", "status": STATUS}


def adopted_from(original: Measure, date: str) -> dict[str, str]:
    """The key of that name for an own measure.

    Args:
        original: the measure of the other site.
        date: the day on which its state was fetched.
    """
    return {"url": original.origin_address, "version": version(original), "date": date}


def originals(measures: Collection[Measure]) -> dict[str, Measure]:
    """Address at the origin, today's and former ones -> the measure of another site."""
    found: dict[str, Measure] = {}
    for measure in measures:
        if measure.site:
            home = measure.origin_address.removesuffix(f"{measure.address}/{measure.own_ref}/")
            found |= {f"{home}{alias}/": measure for alias in measure.aliases}
    return found | {measure.origin_address: measure for measure in measures if measure.site}


def address(adopted: AdoptedFrom) -> str:
    """The address of an original as ``originals`` has it."""
    return f"{adopted.url.rstrip('/')}/"


def is_gone(snapshots: Snapshots, adopted: AdoptedFrom) -> bool:
    """Whether a site that was fetched no longer has an original; what was refused is there, but cannot be used."""
    for snapshot in snapshots.values():
        if snapshot.manifest and address(adopted).startswith(snapshot.manifest.url):
            ref = address(adopted).removeprefix(f"{snapshot.manifest.url}{Measure.address}/").rstrip("/")
            refused = any(problem.path.endswith(f"/{path_of(Measure, ref)}") for problem in snapshot.problems)
            aside = any((item.kind, item.id) == (Measure.kind, ref) for item in snapshot.quarantine.items)
            return not (refused or aside) and address(adopted) not in originals(_measures(snapshot))
    return False


def original_of(snapshots: Snapshots, adopted: AdoptedFrom) -> Measure | None:
    """The measure of another site that is named, if it was fetched."""
    found = originals([measure for snapshot in snapshots.values() for measure in _measures(snapshot)])
    return found.get(address(adopted))


def _measures(snapshot: Snapshot) -> list[Measure]:
    return [m for m in snapshot.records.get(Measure.kind, {}).values() if isinstance(m, Measure)]


def _changes(then: Mapping[str, str], now: Mapping[str, Any], ours: Mapping[str, Any]) -> Iterator[Change]:
    for key in sorted({*then, *now}, key=_place):
        if key in now and then.get(key) == _sum(now[key]):
            continue
        still = key in then and key in ours and _sum(ours[key]) == then[key]
        before, after = (_line(ours[key]) if still else ""), (_line(now[key]) if key in now else "")
        start = _parting(before, after)
        yield Change(key, _title(key), _shown(before, start), _shown(after, start))


def _values(measure: Measure) -> dict[str, Any]:
    """Key -> value as plain data, without what is not given; references as the measure's own site writes them."""
    data = measure.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=set(_UNTOLD))
    values = {key: _at_home(value, in_full(measure.site, "")) for key, value in data.items()}
    return values | ({TEXT: measure.text.strip()} if measure.text.strip() else {})


def _at_home(value: Any, prefix: str) -> Any:
    if isinstance(value, dict):
        return {key: _at_home(entry, prefix) for key, entry in value.items()}
    if isinstance(value, list):
        return [_at_home(entry, prefix) for entry in value]
    return value.removeprefix(prefix) if prefix and isinstance(value, str) else value


def _sum(value: Any) -> str:
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:_LENGTH]


def _title(key: str) -> str:
    known = fields_by_key(Measure)
    return known[key].title if key in known else "Text"


def _place(key: str) -> tuple[int, str]:
    keys = list(fields_by_key(Measure))
    return (keys.index(key) if key in keys else len(keys), key)


def _line(value: Any) -> str:
    """A value in a message, on one line."""
    words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return " ".join(words.split())


def _parting(before: str, after: str) -> int:
    """Where two lines begin to differ, a few words before; 0 if what is shown of their beginnings differs already."""
    same = next(
        (at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    return before.rfind(" ", 0, same - _SHOWN // 4) + 1 if same > _SHOWN // 2 else 0


def _shown(line: str, start: int) -> str:
    """A line from a place on, short."""
    lead, rest = ("…" if start else ""), line[start:]
    return lead + (rest if len(rest) <= _SHOWN else f"{rest[:_SHOWN]}…")
