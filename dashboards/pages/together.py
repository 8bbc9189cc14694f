"""Pages on several names at once: compare, a pair."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboards.charts.lines import is_long
from dashboards.page import Asked, NotThereError, Page
from dashboards.pages import parts
from dashboards.pages.entity import named
from dashboards.pages.lone import lone_figure
from dashboards.pages.overview import chosen_names
from dashboards.pages.strip import strip
from dashboards.reading import frame, rows

PER_PAGE = 30


def compare(asked: Asked) -> Page:
    """Up to six names side by side: in one chart, and each on its own scale."""
    week = asked.copy.last_week
    names, unknown = chosen_names(asked, parts.ranking(asked, week, "", 40) if week else [], [])
    focus = found.entity_id if (found := asked.find(asked.params.focus)) and found.entity_id in names else names[0]
    figure, counts = parts.trend_figure(asked, names, focus, width=parts.FULL)
    values = {
        "here": "compare",
        "names": [asked.copy.names[e] for e in names], "focus": asked.copy.names[focus], "unknown": unknown,
        "totals": _totals(counts), "pairs": _pairs(asked, names), "events": parts.shown_events(asked),
        "sparks": parts.sparks(asked, names, week, 52) if week else {},
        "is_long": is_long(counts), "grown": parts.grown(asked), "strip": strip(asked, focus),
    }  # fmt: skip
    return Page("compare.html", "Compare", values, [figure], pinned="the chart and the list of names below it")


def _totals(counts: pl.DataFrame) -> dict[str, dict[str, Any]]:
    whole = counts.filter(~pl.col("is_open"))
    found = whole.group_by("entity_id").agg(
        pl.col("articles").sum(), pl.col("observed_articles").sum(), pl.col("articles").max().alias("highest")
    )
    return {r["entity_id"]: r | {"share": r["articles"] / max(1, r["observed_articles"])} for r in found.to_dicts()}


def _pairs(asked: Asked, names: list[str]) -> list[dict[str, Any]]:
    if asked.params.as_of:
        return []
    since, until = asked.copy.span(asked.params.weeks, asked.params.until)
    return rows(asked.archive, "page_matrix", entities=names, since=since, until=until)


def pair(asked: Asked) -> Page:
    """Two names in the same articles: how often, how much more than by chance, in which sentences."""
    one, other = (named(asked, text) for text in asked.params.entities[:2])
    if one.entity_id == other.entity_id:
        raise NotThereError("A pair needs two different names.")
    since, until = asked.copy.span(asked.params.weeks, asked.params.until)
    asked_for = {"a": one.entity_id, "b": other.entity_id, "since": since, "until": until}
    counts = frame(asked.archive, "page_pair_weeks", **asked_for | {"since": parts.with_earlier(since)})
    title = f"Articles that name both {one.shown} and {other.shown}"
    address = f"~/pair/{one.entity_id}/{other.entity_id}?week={{week}}"
    weeks = parts.weeks_of(asked, since, until)
    figure = lone_figure(asked, title, counts, "articles", "both", address, parts.FULL, weeks)
    counts = figure.table
    both = sorted((one.entity_id, other.entity_id))
    standing = rows(asked.archive, "page_matrix", entities=both, since=since, until=until)
    page = asked.params.page
    told = rows(
        asked.archive,
        "page_pair_evidence",
        **asked_for | week_only(asked),
        limit=PER_PAGE,
        offset=(page - 1) * PER_PAGE,
    )
    parts.need_page(asked, told)
    values = {
        "one": one, "other": other, "events": parts.shown_events(asked),
        "is_long": is_long(counts), "both": _both(counts, asked),
        "week": asked.params.week, "standing": standing[0] if standing else None,
        "since": since, "until": until, "told": int(counts["sentences"].sum() or 0),
        "sentences": [s | {"html": parts.marked(s["sentence"], spans(s))} for s in told],
        "of": told[0] if told else None,
        "total": told[0]["sentences"] if told else 0, "pages": -(-told[0]["sentences"] // PER_PAGE) if told else 0,
    }  # fmt: skip
    return Page("pair.html", f"{one.shown} and {other.shown}", values, [figure])


def _both(counts: pl.DataFrame, asked: Asked) -> int:
    """Articles of the shown week, or of all shown weeks."""
    week = asked.params.week
    return int((counts.filter(pl.col("week") == week) if week else counts)["articles"].sum() or 0)


def spans(sentence: dict[str, Any]) -> list[tuple[int, int]]:
    """Where the names stand in a sentence."""
    return [(mark["starts"], mark["ends"]) for mark in sentence["marks"]]


def week_only(asked: Asked) -> dict[str, Any]:
    """The span of one week, when the address names one."""
    return {"since": asked.params.week, "until": asked.params.week} if asked.params.week else {}
