"""What each tagger version knew of each spelling, kept as long as an article is tagged by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import duckdb

from monitor.sqlfiles import statements
from monitor.store.frames import frame
from monitor.store.transaction import again_on_conflict, transaction


def has_facts(con: duckdb.DuckDBPyConnection, version: str) -> bool:
    """Whether it is stored what a version knows."""
    return bool(con.execute(statements("store/facts.sql")["is_known"], {"version": version}).fetchall()[0][0])


@again_on_conflict
def keep_facts(con: duckdb.DuckDBPyConnection, version: str, facts: Callable[[], Mapping[str, int]]) -> None:
    """Store what a version knows, which is asked for only when it is not stored yet; forget what nobody needs."""
    sql = statements("store/facts.sql")
    if has_facts(con, version):
        return
    known = facts()
    with transaction(con, facts=frame({"spelling": list(known), "fact": list(known.values())})):
        con.execute(sql["forget"])
        con.execute(sql["save"], {"version": version})


def read_facts(con: duckdb.DuckDBPyConnection, version: str) -> dict[str, int]:
    """The digests of a version by spelling; empty when they were never stored."""
    return dict(con.execute(statements("store/facts.sql")["read"], {"version": version}).fetchall())
