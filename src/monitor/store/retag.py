"""Tagging the archive again: the new mentions beside the old ones, their difference, and the switch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb
import polars as pl

from monitor.records import Mention
from monitor.sqlfiles import statements
from monitor.store.frames import frame, mentions_frame
from monitor.store.transaction import again_on_conflict, transaction

_PAGE = 2000
_SWITCH = ("keep_past", "dirty_weeks", "drop_current", "unlisted", "take_next", "stamp")


@dataclass(frozen=True, slots=True)
class Untagged:
    """As much of an article as tagging it again needs."""

    article_id: int
    title: str
    text: str
    status: str
    week: date | None
    publisher: str
    author: str | None
    language: str | None


def untagged(con: duckdb.DuckDBPyConnection, version: str) -> Iterator[list[Untagged]]:
    """Pages of tagged articles that this version has not tagged yet, by id; made anew as they are asked for."""
    after = -(2**63)
    while True:
        params = {"version": version, "after": after, "page": _PAGE}
        rows = con.execute(statements("store/retag.sql")["todo"], params).fetchall()
        if not rows:
            return
        yield [Untagged(*row) for row in rows]
        after = rows[-1][0]


def count_untagged(con: duckdb.DuckDBPyConnection, version: str) -> int:
    """How many articles that is."""
    return int(con.execute(statements("store/retag.sql")["count_todo"], {"version": version}).fetchall()[0][0])


def count_tagged(con: duckdb.DuckDBPyConnection, version: str) -> int:
    """How many articles wait, tagged by this version, for the switch."""
    return int(con.execute(statements("store/retag.sql")["count_next"], {"version": version}).fetchall()[0][0])


@again_on_conflict
def save_tagged(
    con: duckdb.DuckDBPyConnection, version: str, done: Sequence[Untagged], mentions: Mapping[int, Sequence[Mention]]
) -> None:
    """Store the new mentions of some articles beside the old ones: a run that was stopped goes on from there."""
    if not done:
        return
    sql = statements("store/retag.sql")
    with transaction(
        con,
        mentions=mentions_frame(done, mentions),
        articles=frame({"article_id": [a.article_id for a in done]}),
    ):
        con.execute(sql["save"], {"version": version})
        con.execute(sql["save_done"], {"version": version})


def difference(con: duckdb.DuckDBPyConnection, version: str) -> pl.DataFrame:
    """Counted mentions and articles before and after, one row an entity, week and alias that changes."""
    return con.sql(statements("store/retag.sql")["diff"], params={"version": version}).pl()


@again_on_conflict
def switch(con: duckdb.DuckDBPyConnection, version: str, now: datetime) -> None:
    """Put the new mentions in the old ones' place, in one transaction; the old ones stay as past until pruned."""
    sql = statements("store/retag.sql")
    with transaction(con):
        for step in _SWITCH:
            con.execute(sql[step], {"version": version})
        con.execute(sql["record"], {"version": version, "now": now})
        con.execute(sql["clear_next"])
        con.execute(statements("store/runs.sql")["bump"])


@again_on_conflict
def forget_others(con: duckdb.DuckDBPyConnection, version: str) -> None:
    """Drop what was tagged beside by a version that is no longer wanted."""
    sql = statements("store/retag.sql")
    with transaction(con):
        con.execute(sql["forget_others"], {"version": version})
        con.execute(sql["forget_others_done"], {"version": version})


@again_on_conflict
def prune(con: duckdb.DuckDBPyConnection) -> None:
    """Drop the mentions of past versions."""
    with transaction(con):
        con.execute(statements("store/retag.sql")["prune"])
        con.execute(statements("store/runs.sql")["bump"])
