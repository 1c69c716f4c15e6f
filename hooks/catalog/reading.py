"""From raw data to a record, or to all that is wrong with it.

Pydantic finds the faults; this module says in German what they mean, in which
line they stand and how to mend them.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from catalog.fields import RefersTo, marker
from catalog.frontmatter import Path, dotted
from catalog.model import Origin, Part, Record, fields_by_key, kept_in, part_of
from catalog.problems import MakeList, Problem, Remedy, RenameKey, SetValue
from catalog.vocabulary import Vocabulary, nearest


def build(cls: type[Record], origin: Origin, data: Any, vocabulary: Vocabulary) -> tuple[Record | None, list[Problem]]:
    """Turn raw data into a record of ``cls``, or into all that is wrong with it."""
    try:
        said = _without_blanks(data) if origin.raw.blanks else data
        record = cls.model_validate(said, context={"vocabulary": vocabulary, "site": origin.site})
    except ValidationError as error:
        return None, problems_of(cls, origin, error)
    record._origin = origin
    return record, []


def problems_of(cls: type[BaseModel], origin: Origin, error: ValidationError) -> list[Problem]:
    """What pydantic found wrong with data for ``cls``, in German and with its lines."""
    faults = error.errors(include_url=False)
    return [_problem(cls, origin, details) for details in faults if not _echo(details)]


def _echo(details: ErrorDetails) -> bool:
    """A list whose items are all refused is reported as too short as well; once is enough."""
    return details["type"] == "too_short" and len(details["input"]) > 0


def _without_blanks(data: Any) -> Any:
    """Leave out keys without a value: ``period:`` with nothing behind it means that there is none."""
    if isinstance(data, dict):
        return {key: _without_blanks(value) for key, value in data.items() if value != ""}
    if isinstance(data, list):
        return [_without_blanks(item) for item in data]
    return data


def _problem(cls: type[BaseModel], origin: Origin, details: ErrorDetails) -> Problem:
    path = tuple(part for part in details["loc"])
    model, info = _describe(cls, path)
    inside = part_of(info.annotation) if info else None
    message, hint = _wording(details, model, inside, _asked(info) if info else "")
    line = origin.raw.line((*origin.at, *(path[:-1] if details["type"] == "missing" else path)))
    name = field_name(origin.at, path, info.title if info else None)
    return Problem(origin.raw.path, line, name, message, hint, _remedy(details, (*origin.at, *path), model))


def _asked(info: Any) -> str:
    """What belongs into a field, and for a reference where its ids are found."""
    refers = None if part_of(info.annotation) else marker(info.annotation, info.metadata, RefersTo)
    return f"{info.description} Gemeint ist die Kennung aus {kept_in(refers.kinds)}." if refers else info.description


def field_name(at: Path, path: Path, title: str | None) -> str:
    """``figures[1].value (Wert)``."""
    name = dotted((*at, *path))
    return f"{name} ({title})" if title else name


def _describe(cls: type[BaseModel], path: Path) -> tuple[type[BaseModel], Any]:
    """The model that holds the last named key of ``path``, and what is known of that key."""
    model, info = cls, None
    for part in path:
        if isinstance(part, int):
            continue
        if info is not None:
            model = part_of(info.annotation) or model
        info = fields_by_key(model).get(part)
    return model, info


def _wording(
    details: ErrorDetails, model: type[BaseModel], inside: type[Part] | None, description: str
) -> tuple[str, str]:
    """Message and hint for an error at a field of ``model`` that holds parts of class ``inside``."""
    value = details["input"]
    match details["type"]:
        case "fault":
            hint, meant = details["ctx"]["hint"], details["ctx"]["mended"]
            return details["ctx"]["message"], f"Meinten Sie „{meant}“? {hint}" if meant and meant not in hint else hint
        case "missing":
            return "fehlt.", f"Bitte eintragen: {description}"
        case "extra_forbidden":
            return _unknown_key(str(details["loc"][-1]), model)
        case "too_short":
            return "Die Liste ist leer.", f"Bitte eintragen: {description}"
        case "string_too_long" | "too_long":
            limit = details["ctx"]["max_length"]
            return f"Der Text hat {len(value)} Zeichen; erlaubt sind {limit}.", "Bitte kürzen."
        case "tuple_type":
            shown = f"„{value}“" if isinstance(value, str) else "Die Angabe"
            return (
                f"{shown} ist keine Liste.",
                f"Bitte in eckige Klammern setzen: [{value if isinstance(value, str) else '…'}]",
            )
        case "model_type":
            keys = ", ".join(fields_by_key(inside or model))
            return f"„{value}“ hat keine Unterangaben.", f"Bitte einrücken und benennen: {keys}."
    return "Hier gehört ein einfacher Text hin, keine Liste und keine Unterangaben.", "Bitte nur einen Wert angeben."


def _remedy(details: ErrorDetails, at: Path, model: type[BaseModel]) -> Remedy | None:
    """The change that mends an error at ``at``, if there is exactly one."""
    match details["type"]:
        case "fault" if (mended := details["ctx"]["mended"]) is not None:
            return SetValue(at, mended)
        case "tuple_type" if isinstance(details["input"], str):
            return MakeList(at)
        case "extra_forbidden":
            key = str(at[-1]).casefold()
            meant = [
                name for name, info in fields_by_key(model).items() if key in (name, (info.title or "").casefold())
            ]
            return RenameKey(at, meant[0]) if len(meant) == 1 else None
    return None


def _unknown_key(key: str, model: type[BaseModel]) -> tuple[str, str]:
    fields = fields_by_key(model)
    words = {word.casefold(): name for name, info in fields.items() for word in (info.title or name, name)}
    meant = nearest(key, words)
    return (
        f"„{key}“ ist kein bekannter Schlüssel.",
        f"Meinten Sie „{meant}“?" if meant else f"Erlaubt: {', '.join(fields)}.",
    )
