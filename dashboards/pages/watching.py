"""A watchlist of the operator: where its names stand this week, and its spikes."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboards import words
from dashboards.charts.lines import is_long
from dashboards.movers import movers
from dashboards.page import Asked, Figure, NotThereError, Page
from dashboards.pages import parts
from dashboards.reading import WEEK, Name, frame, rows
from dashboards.watch import Watch

PAST = 12  # weeks of spikes that a watchlist shows


def watched(asked: Asked, slug: str) -> tuple[Watch, list[Name], list[str]]:
    """A watchlist with the names found and those not. Raises NotThereError."""
    watch = next((w for w in asked.watches if w.slug == slug), None)
    if watch is None:
        raise NotThereError(f"There is no watchlist {slug!r}.")
    found = [(text, asked.find(text)) for text in watch.entities]
    return watch, [name for _, name in found if name], [text for text, name in found if name is None]


def watchlist(asked: Asked) -> Page:
    """The page of a watchlist."""
    watch, names, unknown = watched(asked, asked.params.slug)
    week = asked.copy.last_week
    standings = standing(asked, names) if week else []
    ids = [name.entity_id for name in names]
    values = {
        "watch": watch, "count": len(names), "unknown": unknown, "standings": standings, "week": week,
        "sparks": parts.sparks(asked, ids, week) if week else {},
        "spikes": [words.spike(s, asked.copy.names[s["entity_id"]].shown) for s in spikes(asked, ids)],
        "moved_ids": {row["entity_id"] for row in movers(standings)},
        "focus": names[0] if names else None, "is_long": False, "grown": parts.grown(asked),
        "events": parts.shown_events(asked),
    }  # fmt: skip
    table = pl.DataFrame(standings, infer_schema_length=None) if standings else pl.DataFrame({"entity_id": []})
    figures = [Figure("standings", watch.name, table)]
    if week and names:
        figure, counts = parts.trend_figure(asked, ids[:6], ids[0], width=parts.FULL)
        figures.insert(0, figure)
        values["is_long"] = is_long(counts)
    return Page("watch.html", watch.name, values, figures, pinned="the chart and the list of the week")


def standing(asked: Asked, names: list[Name]) -> list[dict[str, Any]]:
    """Each name's last whole week, most named first."""
    week = asked.copy.last_week
    if asked.params.as_of and week:
        shown = {name.entity_id: name.shown for name in names}
        return [
            r | {"name": shown[r["entity_id"]]}
            for r in parts.ranking(asked, week, "", parts.EVERYONE)
            if r["entity_id"] in shown
        ]
    found = [
        row | {"name": name.shown}
        for name in names
        for row in rows(asked.archive, "page_standing", entity=name.entity_id, week=week)
    ]
    return sorted(found, key=lambda r: -(r["articles"] or 0))


def spikes(asked: Asked, ids: list[str], weeks: int = PAST) -> list[dict[str, Any]]:
    """Spikes of these names in the last weeks, the newest first."""
    last = asked.copy.last_week
    if last is None or asked.params.as_of:
        return []
    found = frame(asked.archive, "page_spikes", since=last - (weeks - 1) * WEEK, until=last, limit=500)
    return found.filter(pl.col("entity_id").is_in(ids)).to_dicts()
