"""Writers of one lake take turns, so that none works in vain: a queue that PostgreSQL keeps beside the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from monitor.errors import LockedError, MonitorError
from monitor.sqlfiles import statements

_holding: set[int] = set()  # connections that have their turn


@contextmanager
def turn(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Wait for the turn and keep it; no wait within a turn, nor where a file or a local catalogue has one writer."""
    sql = statements("store/lake.sql")
    if id(con) in _holding or not con.execute(sql["has_turns"]).fetchall()[0][0]:
        yield
        return
    queue = con.cursor()
    queue.begin()
    try:
        _wait(queue)
        _holding.add(id(con))
        yield
    finally:
        _holding.discard(id(con))
        queue.close()


def _wait(queue: duckdb.DuckDBPyConnection) -> None:
    try:
        queue.execute(statements("store/lake.sql")["wait_turn"]).fetchall()
    except duckdb.Error as error:
        if "lock timeout" in str(error):
            raise LockedError("another writer has held the lake for ten minutes") from None
        raise MonitorError(f"the lake's catalogue does not answer: {str(error).splitlines()[0]}") from None


def has_token(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the connection writes to a DuckLake that has the row which each write touches."""
    return bool(con.execute(statements("store/lake.sql")["has_token"]).fetchall()[0][0])
