"""A kind of record as Parquet: nested columns with types, for programs that analyse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from catalog.model import Record
from catalog.shapes import Shape, of

_TYPES: Mapping[str, pa.DataType] = MappingProxyType(
    {"text": pa.string(), "integer": pa.int64(), "boolean": pa.bool_(), "number": pa.float64(), "day": pa.date32()}
)


@cache
def columns(cls: type[Record]) -> pa.Schema:
    """The columns of a kind with their types."""
    return pa.schema([_field(shape) for shape in of(cls)])


def file(cls: type[Record], items: Sequence[Mapping[str, Any]], about: Mapping[str, str]) -> bytes:
    """The items as a Parquet file.

    Args:
        cls: their kind.
        items: as in the data files, completed.
        about: what the file says of itself, name -> value.
    """
    schema = columns(cls).with_metadata(dict(about))
    table = pa.Table.from_pylist(items, schema=schema)
    content = pa.BufferOutputStream()
    parquet.write_table(table, content, compression="snappy")  # which every reader knows
    return bytes(content.getvalue().to_pybytes())


def _field(shape: Shape) -> pa.Field:
    inner = pa.struct([_field(part) for part in shape.parts]) if shape.parts else _TYPES[shape.type]
    return pa.field(shape.key, pa.list_(inner) if shape.many else inner, nullable=not shape.required)
