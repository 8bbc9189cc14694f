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
    _step(con, "rewrite", threshold=deleted)
    _step(con, "merge")


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
        raise explained(error) from error
