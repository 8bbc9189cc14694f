"""Vintages of a lake: a snapshot that readers are pointed to takes the place of a published copy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import duckdb

from monitor.lake import filled
from monitor.sqlfiles import sql_text, statements
from monitor.store import Warehouse
from monitor.store.transaction import again_on_conflict, transaction
from monitor.store.turn import turn
from monitor.store.vintages import FILES, enter, explain

_BEFORE = re.compile(r"\bbefore\.(\w+)\.(\w+)")


@again_on_conflict
def mark_vintage(warehouse: Warehouse, now: datetime) -> int | None:
    """Record what is there as a vintage and mark its snapshot; None when nothing changed."""
    con, sql = warehouse.connection, statements("store/publish.sql")
    with turn(con):
        rows = con.execute(sql["last"]).fetchall()
        snapshot, marked = con.execute(statements("store/lake.sql")["published"]).fetchall()[0]
        is_new = not rows or rows[0][1] != warehouse.data_version()
        vintage = (rows[0][0] if rows else 0) + is_new
        if not is_new and marked == f"vintage {vintage}":
            return None
        with _before(con, snapshot if is_new else None) as is_there:
            rest = explain(con, vintage, is_there=is_there) if is_new else None
            with transaction(con):
                if is_new:
                    enter(con, vintage, now, rest)
                con.execute(statements("store/lake.sql")["mark"].replace("$message", f"'vintage {vintage}'"))
    return vintage


@contextmanager
def _before(con: duckdb.DuckDBPyConnection, snapshot: int | None) -> Iterator[bool]:
    """The lake as it was at a snapshot, as the database `before`; False without one."""
    if snapshot is None:
        yield False
        return
    sql = statements("store/lake.sql")
    con.execute(sql["attach_before"])
    try:
        for schema, table in sorted(set(_BEFORE.findall("".join(map(sql_text, FILES))))):
            con.execute(filled(sql["before"], this_schema=schema, this_table=table, this_snapshot=str(snapshot)))
        yield True
    finally:
        con.execute(sql["detach_before"])
