"""The two big writes: a batch of polls and a batch of articles, one transaction each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import duckdb

import monitor.store.frames as frames
from monitor.batch import Batch, LoadCounts, PollResult
from monitor.sqlfiles import statements
from monitor.store.stories import cluster
from monitor.store.transaction import again_on_conflict, need_space, transaction

_POLL_STEPS = ("states", "fetches", "dirty_weeks", "windows", "new_entries", "forgotten")
_LOAD_STEPS = (
    *("dirty_weeks", "remove_replaced", "articles", "texts", "mentions", "unlisted", "signatures", "lines"),
    *("settled", "settled_weeks", "outcomes", "drop_payloads"),
)
_SPARE = 8_000_000  # a load's log and its checkpoint, beside the texts themselves


@again_on_conflict
def save_polls(con: duckdb.DuckDBPyConnection, run_id: str, polls: Sequence[PollResult], now: datetime) -> int:
    """Store states, attempts, windows and new entries; returns how many entries are new."""
    if not polls:
        return 0
    sql = statements("store/polls.sql")
    with transaction(
        con,
        states=frames.records_frame({p.state.feed_id: p.state for p in polls}.values(), frames.STATE),
        fetches=frames.records_frame([f for p in polls for f in p.fetches], frames.FETCH).unique(maintain_order=True),
        windows=frames.records_frame([p.window for p in polls if p.window], frames.WINDOW),
        entries=frames.entries_frame(polls),
    ):
        for step in _POLL_STEPS:
            con.execute(sql[step])
        con.execute(sql["entries"], {"run_id": run_id, "now": now})
        con.execute(sql["announced_weeks"], {"now": now})
        con.execute(sql["payloads"])
        new = _one(con, sql["count_new"])
        con.execute(statements("store/runs.sql")["bump"])
    return new


@again_on_conflict
def load_batch(con: duckdb.DuckDBPyConnection, data: Path, batch: Batch) -> LoadCounts:
    """Store articles, texts, mentions, signatures and lines, and settle the entries they came from."""
    need_space(data, _SPARE + 4 * sum(len(a.text) for a in batch.articles), "loading a batch")
    sql, bands = statements("store/load.sql"), frames.bands_frame(batch)
    articles = sorted(batch.articles, key=lambda a: a.week or date.max)  # a week's rows are to lie together
    with transaction(
        con,
        fetches=frames.records_frame(batch.fetches, frames.FETCH).unique(maintain_order=True),
        articles=frames.articles_frame(articles, batch.run_id),
        texts=frames.texts_frame(articles),
        mentions=frames.mentions_frame(articles, batch.mentions),
        bands=bands,
        lines=frames.lines_frame(batch),
        outcomes=frames.outcomes_frame(batch.outcomes),
    ):
        con.execute(statements("store/polls.sql")["fetches"])
        con.execute(sql["accepted"])
        for step in _LOAD_STEPS:
            con.execute(sql[step])
        cluster(con, bands)
        counts = LoadCounts(**con.sql(sql["counts"]).pl().to_dicts()[0])
        con.execute(statements("store/runs.sql")["bump"])
    return counts


def _one(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = con.execute(sql).fetchone()
    return int(row[0]) if row else 0
