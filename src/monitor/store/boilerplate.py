"""Boilerplate by repetition: when a line stands in three stories of a source, earlier articles are revised too."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

import duckdb

from monitor.article.plain import line_hash
from monitor.sqlfiles import statements
from monitor.store.frames import frame
from monitor.store.transaction import again_on_conflict, transaction

log = logging.getLogger(__name__)


@again_on_conflict
def revise(con: duckdb.DuckDBPyConnection, now: datetime) -> int:
    """Set mentions in newly known boilerplate lines to not counted; returns how many. Logs what it revised."""
    sql = statements("store/boilerplate.sql")
    con.execute(sql["new_lines"])
    affected = con.execute(sql["affected"]).fetchall()
    spans = [span for article_id, text, hashes in affected for span in _spans(article_id, text, frozenset(hashes))]
    columns = ("article_id", "span_start", "span_end", "line_hash")
    with transaction(con, spans=frame({name: [s[i] for s in spans] for i, name in enumerate(columns)})):
        con.execute(sql["revised"])
        con.execute(sql["revise"])
        con.execute(sql["affected_next"])
        con.execute(sql["forget_next"])
        con.execute(sql["dirty_weeks"])
        con.execute(sql["record"], {"now": now})
        lines, mentions = con.execute(sql["counts"]).fetchall()[0]
        if mentions:
            con.execute(statements("store/runs.sql")["bump"])
    if lines:
        log.info(
            "%d lines repeat in three stories of their source: %d mentions revised to boilerplate", lines, mentions
        )
    return int(mentions)


def _spans(article_id: int, text: str, hashes: frozenset[int]) -> Iterator[tuple[int, int, int, int]]:
    start = 0
    for line in text.split("\n"):
        found = line_hash(line)
        if found in hashes:
            yield article_id, start, start + len(line), int(found or 0)
        start += len(line) + 1
