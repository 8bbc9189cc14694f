"""Tagging the archive again: the new mentions beside the old ones, their difference, and the switch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb
import polars as pl

from monitor.sqlfiles import statements
from monitor.store.frames import frame
from monitor.store.transaction import again_on_conflict, reading_beside, transaction

_PREPARE = ("drop_stale", "drop_stale_unconcerned", "drop_stale_mentions", "changed")
_REPLACE = ("keep_past", "dirty_weeks", "drop_current")
_TAKE = ("unlisted", "take_next", "stamp")


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


def untagged(con: duckdb.DuckDBPyConnection, version: str, size: int) -> Iterator[list[Untagged]]:
    """Batches of tagged articles that this version had not tagged when it began, read as they are asked for.

    What they have is noted first, so that `save_tagged` sees which come out as they were.
    """
    con.execute(statements("store/retag.sql")["known"], {"version": version})
    with reading_beside(con) as reader:
        reader.execute(statements("store/retag.sql")["todo"], {"version": version})
        while rows := reader.fetchmany(size):
            yield [Untagged(*row) for row in rows]


def count_untagged(con: duckdb.DuckDBPyConnection, version: str) -> int:
    """How many articles that is."""
    return int(con.execute(statements("store/retag.sql")["count_todo"], {"version": version}).fetchall()[0][0])


def count_tagged(con: duckdb.DuckDBPyConnection, version: str) -> tuple[int, int, int]:
    """How many articles wait for the switch: tagged by this version, of these as they were, and left untagged."""
    tagged, same, left = con.execute(statements("store/retag.sql")["count_next"], {"version": version}).fetchall()[0]
    return tagged, same, left


def past_versions(con: duckdb.DuckDBPyConnection, version: str) -> list[str]:
    """The versions of which it is known what they knew, and that this one is to take the place of."""
    return [
        past for (past,) in con.execute(statements("store/retag.sql")["versions_todo"], {"version": version}).fetchall()
    ]


def texts_of(
    con: duckdb.DuckDBPyConnection, version: str, past: str, size: int
) -> Iterator[list[tuple[int, str, str]]]:
    """Batches of (article id, title, text) that a past version tagged and this one has not."""
    with reading_beside(con) as reader:
        reader.execute(statements("store/retag.sql")["todo_texts"], {"version": version, "past": past})
        while rows := reader.fetchmany(size):
            yield rows


@again_on_conflict
def leave(con: duckdb.DuckDBPyConnection, version: str, article_ids: Sequence[int]) -> None:
    """Note articles whose mentions stand as they are by this version."""
    with transaction(con, articles=frame({"article_id": list(article_ids)})):
        con.execute(statements("store/retag.sql")["save_unconcerned"], {"version": version})


@again_on_conflict
def leave_all(con: duckdb.DuckDBPyConnection, version: str, past: str) -> None:
    """Note all articles of a past version so."""
    with transaction(con):
        con.execute(statements("store/retag.sql")["leave_all"], {"version": version, "past": past})


@again_on_conflict
def leave_none(con: duckdb.DuckDBPyConnection) -> None:
    """Forget which articles were to be left as they are."""
    with transaction(con):
        con.execute(statements("store/retag.sql")["forget_unconcerned"])


@again_on_conflict
def save_tagged(
    con: duckdb.DuckDBPyConnection, version: str, article_ids: Sequence[int], mentions: pl.DataFrame
) -> None:
    """Store the new mentions of some of the `untagged` articles beside the old ones, where they differ.

    A run that was stopped goes on from there.
    """
    sql = statements("store/retag.sql")
    with transaction(con, mentions=mentions, articles=frame({"article_id": list(article_ids)})):
        con.execute(sql["same"])
        for step in ("save", "save_done", "save_same"):
            con.execute(sql[step], {"version": version})


def difference(con: duckdb.DuckDBPyConnection, version: str) -> pl.DataFrame:
    """Counted mentions and articles before and after, one row an entity, week and alias that changes."""
    con.execute(statements("store/retag.sql")["changed"], {"version": version})
    return con.sql(statements("store/retag.sql")["diff"], params={"version": version}).pl()


@again_on_conflict
def switch(con: duckdb.DuckDBPyConnection, version: str, now: datetime) -> None:
    """Put the new mentions in the old ones' place, in one transaction; the old ones stay as past until pruned."""
    sql = statements("store/retag.sql")
    with transaction(con):
        for step in _PREPARE:
            con.execute(sql[step], {"version": version})
        for step in _REPLACE:
            con.execute(sql[step])
        for step in _TAKE:
            con.execute(sql[step], {"version": version})
        con.execute(sql["record"], {"version": version, "now": now})
        con.execute(sql["clear_next"])
        con.execute(statements("store/runs.sql")["bump"])


@again_on_conflict
def forget_others(con: duckdb.DuckDBPyConnection, version: str) -> None:
    """Drop what was tagged beside by a version that is no longer wanted."""
    sql = statements("store/retag.sql")
    with transaction(con):
        for step in ("forget_others", "forget_others_done", "forget_others_unconcerned"):
            con.execute(sql[step], {"version": version})


@again_on_conflict
def prune(con: duckdb.DuckDBPyConnection) -> None:
    """Drop the mentions of past versions."""
    with transaction(con):
        con.execute(statements("store/retag.sql")["prune"])
        con.execute(statements("store/runs.sql")["bump"])
