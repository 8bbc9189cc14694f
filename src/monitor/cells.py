"""Values as text for machines: JSON that any reader takes, and cells of CSV."""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal

import polars as pl

# an apostrophe that was there before one of these counts too, so that each text comes back as it was
_FORMULA = re.compile("^'*[=+\\-@\t\r\n＝＋－＠]")


def to_json(value: object) -> str:
    """One JSON document: a DECIMAL is a number with all its digits; NaN and infinity, which JSON has not, are null."""
    match value:
        case None:
            return "null"
        case str() | int():
            return json.dumps(value, ensure_ascii=False)
        case float():
            return json.dumps(value) if math.isfinite(value) else "null"
        case Decimal():
            return f"{value:f}" if value.is_finite() else "null"
        case bytes():
            return json.dumps(as_text(value))
        case dict():
            return (
                "{"
                + ", ".join(f"{json.dumps(str(k), ensure_ascii=False)}: {to_json(v)}" for k, v in value.items())
                + "}"
            )
        case list() | tuple() | set():
            return "[" + ", ".join(map(to_json, value)) + "]"
    return json.dumps(str(value), ensure_ascii=False)


def as_text(value: bytes) -> str:
    r"""Bytes as DuckDB writes them: what is no plain ASCII as \xNN."""
    return "".join(chr(b) if 32 <= b < 127 and b not in b"\\\"'" else f"\\x{b:02X}" for b in value)


def to_csv(data: pl.DataFrame) -> str:
    """CSV has no nested values: lists are joined by semicolons, all else is JSON in a cell; texts are guarded."""
    return data.with_columns(_guarded(_flat(column)) for column in data.get_columns()).rename(guarded).write_csv()


def guarded(cell: str) -> str:
    """A text that no spreadsheet takes for a formula: those have an apostrophe before them."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The text as it was before `guarded`."""
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell


def _guarded(column: pl.Series) -> pl.Series:
    if column.dtype in (pl.String, pl.Categorical, pl.Enum):
        return column.cast(pl.String).str.replace(_FORMULA.pattern, "'${0}")
    return column


def _flat(column: pl.Series) -> pl.Series:
    kind = column.dtype
    if isinstance(kind, pl.List) and not kind.inner.is_nested() and kind.inner != pl.Binary:
        return column.list.eval(pl.element().cast(pl.String)).list.join(";")
    if kind == pl.Binary:
        return column.map_elements(as_text, pl.String)
    if kind.is_nested():
        told = [None if value is None else to_json(value) for value in column.to_list()]
        return pl.Series(column.name, told, pl.String)
    return column
