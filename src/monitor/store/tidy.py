"""Keeping a lake small and quick: rows out of the catalogue into files, small files into large, old snapshots away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import duckdb

from monitor.sqlfiles import statements
from monitor.store.transaction import again_on_conflict, explained
from monitor.store.turn import turn

_DELETED = 0.2  # share of a file's rows that were deleted from which it is written anew


@dataclass(frozen=True, slots=True)
class Size:
    """What a lake's catalogue holds: snapshots, data files in use and their bytes."""

    snapshots: int
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Tidied:
    """A lake before and after; `expired` snapshots and `removed` files are gone."""

    before: Size
    after: Size
    expired: int
    removed: int


def tidy(
    con: duckdb.DuckDBPyConnection, clock: Callable[[], datetime], keep: timedelta, *, vintages: int = 2
) -> Tidied:
    """Flush, merge, expire and clean up; readers keep the last vintages and what is younger than `keep`.

    Each step waits for its turn.
    """
    before = size(con)
    write_anew(con, _DELETED if keep else 0.0)
    expired = _expire(con, clock() - keep, vintages)
    # what the steps before have just let go is older than the clock now
    removed = sum(len(_step(con, step, before=clock() - keep)) for step in ("clean", "orphans"))
    return Tidied(before, size(con), expired, removed)


def write_anew(con: duckdb.DuckDBPyConnection, deleted: float = 0.0) -> None:
    """Rows of the catalogue into files, files with more than this share of deleted rows anew, small ones into large."""
    _step(con, "flush")
    with turn(con):
        before = _ranges(con)
        _step(con, "rewrite", threshold=deleted)
        _keep_ranges(con, before)
    _step(con, "merge")


def _ranges(con: duckdb.DuckDBPyConnection) -> dict[tuple[int, int], tuple[str, str]]:
    rows = con.execute(statements("store/lake.sql")["ranges"]).fetchall()
    return {(table, column): (low, high) for table, column, low, high in rows if low is not None}


def _keep_ranges(con: duckdb.DuckDBPyConnection, before: dict[tuple[int, int], tuple[str, str]]) -> None:
    """Set again the ranges of columns that DuckLake 1.0 forgets when it writes a table anew with a file of NULLs alone.

    The next insert would make its own rows' range the whole table's, and questions would pass over all others.
    """
    sql = statements("store/lake.sql")
    lost = before.keys() - _ranges(con).keys()
    if not lost:
        return
    con.execute(sql["use_none"])
    try:
        for table, column in sorted(lost):
            low, high = before[table, column]
            con.execute(sql["set_range"], {"table_id": table, "column_id": column, "low": low, "high": high})
    except duckdb.Error as error:
        raise explained(error) from None
    finally:
        con.execute(sql["use"])


def size(con: duckdb.DuckDBPyConnection) -> Size:
    """How large the lake is now."""
    return Size(*con.execute(statements("store/lake.sql")["size"]).fetchall()[0])


@again_on_conflict
def _expire(con: duckdb.DuckDBPyConnection, before: datetime, vintages: int) -> int:
    asked = {"before": before, "vintages": vintages}
    (versions,) = con.execute(statements("store/lake.sql")["expendable"], asked).fetchall()[0]
    if not versions:
        return 0
    _step(con, "expire", versions=versions)
    return len(versions)


@again_on_conflict
def _step(con: duckdb.DuckDBPyConnection, name: str, **params: Any) -> list[Any]:  # noqa: ANN401
    try:
        with turn(con):
            return con.execute(statements("store/lake.sql")[name], params or None).fetchall()
    except duckdb.Error as error:
        raise explained(error) from None
