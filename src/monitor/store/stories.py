"""Stories: near-identical articles become one, named after the first of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import duckdb
import polars as pl

from monitor.sqlfiles import statements
from monitor.store.frames import frame


def cluster(con: duckdb.DuckDBPyConnection, bands: pl.DataFrame) -> None:
    """Join the articles just loaded to the stories they are copies of; two stories with a common copy become one."""
    if bands.is_empty():
        return
    sql = statements("store/stories.sql")
    days = {"since": bands["day"].min(), "until": bands["day"].max()}
    con.execute(sql["candidates"], days)
    con.execute(sql["forget_shingles"])
    con.execute(sql["shingles"], days)
    con.execute(sql["edges"])
    edges = con.execute(sql["edge_list"]).fetchall()
    if not edges:
        return
    moves = renamed(edges, con.sql(sql["members"]).pl().rows())
    con.register("incoming_moves", frame({"article_id": list(moves), "story_id": list(moves.values())}).to_arrow())
    con.execute(sql["move"])
    con.execute(sql["dirty_weeks"])
    con.unregister("incoming_moves")


def renamed(edges: Iterable[tuple[int, int]], members: Iterable[tuple[int, int, datetime]]) -> dict[int, int]:
    """New story ids of the articles that change story: the id of the component's first article, by date, then id.

    `members` are (article_id, story_id, date) of every article of the stories that the edges touch.
    """
    rows = list(members)
    story_of = {article: story for article, story, _ in rows}
    parent = {story: story for story in story_of.values()}

    def root(story: int) -> int:
        while parent[story] != story:
            parent[story] = story = parent[parent[story]]
        return story

    for a, b in edges:
        parent[root(story_of[a])] = root(story_of[b])
    first: dict[int, tuple[datetime, int]] = {}
    for article, story, at in rows:
        first[root(story)] = min(first.get(root(story), (at, article)), (at, article))
    names = {article: first[root(story)][1] for article, story, _ in rows}
    return {article: name for article, name in names.items() if name != story_of[article]}
