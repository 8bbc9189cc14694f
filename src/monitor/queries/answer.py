"""The rows of a question as a polars frame; what polars or Python cannot hold comes as DuckDB's own text."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import duckdb
import polars as pl
from duckdb.sqltypes import DuckDBPyType

# polars panics on the first three; of the others it gets bytes that only DuckDB can read, a time without its zone, or a
# negative number
_FOREIGN = frozenset({"interval", "union", "variant", "bit", "bignum", "geometry", "time with time zone", "uhugeint"})
_DATES = frozenset({"date", "timestamp", "timestamp with time zone", "timestamp_s", "timestamp_ms", "timestamp_ns"})
_NESTED = {"list", "array", "struct", "map"}
_FIRST, _LAST = ((day - date(1970, 1, 1)).days for day in (date.min, date.max))
_A_DAY = {"ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}
_MOST = 10**38
_INFINITE = (1 << 63) - 1  # nanoseconds would make it a moment of the year 2262


def as_frame(relation: duckdb.DuckDBPyRelation, most: int | None = None) -> pl.DataFrame:
    """All rows, or `most` and one more; a column whose name was there before gets a number.

    Intervals and the like are text, and so is a column of dates when one of them is infinite or lies outside the years
    1 to 9999, which are all that Python's dates have.
    """
    asked = relation
    if most is not None:
        asked = relation.limit(most + 1)
        asked.execute()  # its errors are DuckDB's own, those of a stream are polars'
    names = distinct(asked.columns)
    foreign = {i for i, kind in enumerate(asked.types) if _is_foreign(kind)}
    is_plain = not foreign and names == asked.columns
    # by the Arrow stream interface: a reader need not load pyarrow, which costs 30 MB
    found = pl.DataFrame(asked if is_plain else _with_text(asked, names, foreign))
    beyond = {i for i, column in enumerate(found.get_columns()) if _is_beyond(column)}
    return pl.DataFrame(_with_text(asked, names, foreign | beyond)) if beyond else found


@contextmanager
def plain_errors() -> Iterator[None]:
    """A column of more than 2 GB of text by its meaning: it needs too much memory."""
    try:
        yield
    except (pl.exceptions.ComputeError, duckdb.InvalidInputException) as error:
        if "Arrow Appender" not in str(error):
            raise
        raise duckdb.OutOfMemoryException(str(error)) from None


def distinct(names: Sequence[str]) -> list[str]:
    """The names; one that was there before becomes name_1, name_2."""
    found: list[str] = []
    for name in names:
        numbered = (f"{name}_{n}" for n in range(1, len(names) + 1))
        found.append(name if name not in found else next(n for n in numbered if n not in {*found, *names}))
    return found


def _with_text(
    relation: duckdb.DuckDBPyRelation, names: Sequence[str], text: Collection[int]
) -> duckdb.DuckDBPyRelation:
    columns = [duckdb.SQLExpression(f"#{i}") for i in range(1, len(names) + 1)]
    told = [column.cast(duckdb.sqltype("VARCHAR")) if i in text else column for i, column in enumerate(columns)]
    return relation.select(*(column.alias(name) for column, name in zip(told, names, strict=True)))


def _is_foreign(kind: DuckDBPyType, foreign: frozenset[str] = _FOREIGN) -> bool:
    if kind.id not in _NESTED:
        return kind.id in foreign
    names, kinds = zip(*kind.children, strict=True)
    if len(set(names)) < len(names):  # a row without names: polars keeps the last value alone
        return True
    within = foreign | _DATES if kind.id == "map" else foreign
    return any(_is_foreign(k, within) for k in kinds if isinstance(k, DuckDBPyType))


def _is_beyond(column: pl.Series) -> bool:
    """Whether a date, at any depth, is none that Python has, or a number has more digits than polars hands over."""
    kind = column.dtype
    if isinstance(kind, pl.List | pl.Array):
        return _is_beyond(column.explode())
    if isinstance(kind, pl.Struct):
        return any(_is_beyond(field) for field in column.struct.unnest().get_columns())
    if isinstance(kind, pl.Decimal):
        return any(end.copy_abs() >= _MOST for end in (column.min(), column.max()) if isinstance(end, Decimal))
    if not isinstance(kind, pl.Date | pl.Datetime):
        return False
    physical = column.to_physical()
    least, most = physical.min(), physical.max()
    if not isinstance(least, int) or not isinstance(most, int):  # no date at all
        return False
    unit = _A_DAY[kind.time_unit] if isinstance(kind, pl.Datetime) else 1
    return least < _FIRST * unit or most >= (_LAST + 1) * unit or max(most, -least) == _INFINITE
