"""The first page: the last whole week in a sentence, what changed, the focused trend and the sentences behind it."""

from __future__ import annotations

from datetime import date
from typing import Any

from dashboards import words
from dashboards.charts.lines import is_long
from dashboards.charts.sparks import sparkline
from dashboards.movers import movers
from dashboards.page import Asked, NotThereError, Page
from dashboards.pages import parts
from dashboards.pages.standing import headline, partly_seen
from dashboards.pages.strip import strip
from dashboards.pages.young import young
from dashboards.params import KINDS
from dashboards.reading import WEEK, rows
from monitor.trends import SPIKE_WEEKS

LINES_AT_FIRST = 4
PINNED = "the first sentence, the chart, what changed and the most mentioned"


def overview(asked: Asked) -> Page:
    """The page for the names asked for, or for what the last week calls for."""
    copy, params = asked.copy, asked.params
    week = copy.last_week
    if week is None:
        return young(asked)
    everyone = parts.ranking(asked, week, "", parts.EVERYONE)
    moved = movers(everyone)
    names, unknown = chosen_names(asked, everyone, moved)
    focus = found.entity_id if (found := asked.find(params.focus)) and found.entity_id in names else names[0]
    figure, counts = parts.trend_figure(asked, names, focus)
    # as many rows as fill the column beside the chart, and the spikes below it once there can be any
    most = 15 if copy.complete_weeks > SPIKE_WEEKS else 12
    listed = [r for r in everyone if r["kind"] == params.kind and r["articles"]][:most]
    values: dict[str, Any] = {
        "here": "",
        "names": [copy.names[e] for e in names],
        "focus": copy.names[focus],
        "unknown": unknown,
        "is_long": is_long(counts),
        "grown": parts.grown(asked),
        "strip": strip(asked, focus),
        "all_evidence": parts.evidence_link(asked, focus, params.week or week),
        "events": parts.shown_events(asked),
        "movers": moved[:8],
        "moved_ids": {row["entity_id"] for row in moved},
        "week": week,
        "listed": listed,
        "kinds": KINDS,
        "sparks": parts.sparks(asked, [r["entity_id"] for r in (*listed, *moved)], week),
        "spikes": [] if params.as_of else spike_tiles(asked, week),
        "cold": words.cold_start(copy.complete_weeks, copy.first_week),
        "to_date": to_date(asked, names),
        **focus_evidence(asked, focus, params.week or week),
        "headline": headline(asked, focus, week, everyone),
        "partly_seen": partly_seen(asked, week),
    }
    return Page("overview.html", "Weekly mention trends", values, [figure], pinned=PINNED)


def chosen_names(
    asked: Asked, everyone: list[dict[str, Any]], moved: list[dict[str, Any]]
) -> tuple[list[str], list[str]]:
    """The names in the URL, else the largest change and the most named; and those that nobody has."""
    wanted = [*asked.params.entities, *([asked.params.add] if asked.params.add else [])]
    found = [(text, asked.find(text)) for text in wanted]
    unknown = [text for text, name in found if name is None]
    names = list(dict.fromkeys(name.entity_id for _, name in found if name))
    if not names:
        usual = [*moved[:1], *everyone]
        names = list(dict.fromkeys(row["entity_id"] for row in usual))[:LINES_AT_FIRST] or list(asked.copy.ranked[:1])
    if not names:
        raise NotThereError("Nothing has been observed yet, and no name was given.")
    return names[:6], unknown


def focus_evidence(asked: Asked, focus: str, week: date) -> dict[str, Any]:
    """Some sentences of one week, with the sources they came from."""
    found = parts.evidence_rows(asked, focus, week, week, 6)
    sources = parts.sources_of(asked, focus, week, week, 10)
    total = found[0]["articles"] if found else 0
    return {
        "evidence": found, "evidence_week": week, "sources": sources, "total": total,
        "most": words.main_source(sources),
    }  # fmt: skip


def to_date(asked: Asked, names: list[str]) -> words.Sentence | None:
    """The open week of each name beside the same days of earlier weeks; a filtered view or earlier copy has none."""
    if asked.params.is_filtered or asked.params.as_of:
        return None
    found = rows(asked.archive, "page_week_to_date", entities=names)
    return words.to_date([(asked.copy.names[row["entity_id"]].shown, row) for row in found])


def spike_tiles(asked: Asked, week: date) -> list[dict[str, Any]]:
    """The largest spike of each name in the past year, newest first, each with its own year of weeks."""
    found = rows(asked.archive, "page_spikes", since=week - 51 * WEEK, until=week, limit=200)
    best: dict[str, dict[str, Any]] = {}
    for row in found:
        if row["entity_id"] not in best or row["ratio"] > best[row["entity_id"]]["ratio"]:
            best[row["entity_id"]] = row
    tiles = sorted(best.values(), key=lambda r: r["week"], reverse=True)[:6]
    series = rows(
        asked.archive, "page_series", entities=[t["entity_id"] for t in tiles], since=week - 51 * WEEK, until=week
    )
    lines = {row["entity_id"]: row["articles"] for row in series}
    return [
        tile
        | {
            "spark": sparkline(lines[tile["entity_id"]], 180, 48),
            "sentence": words.spike(tile, asked.copy.names[tile["entity_id"]].shown),
        }
        for tile in tiles
    ]
