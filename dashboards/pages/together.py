"""Pages on several names at once: compare, a pair, a bloc."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboards.charts.frame import View
from dashboards.charts.trend import trend
from dashboards.page import Asked, Figure, NotThereError, Page
from dashboards.pages import parts
from dashboards.pages.entity import named
from dashboards.pages.overview import chosen_names
from dashboards.reading import frame, rows
from dashboards.series import SCHEMA, outages


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
    }  # fmt: skip
    return Page("compare.html", "Compare", values, [figure])


def _totals(counts: pl.DataFrame) -> dict[str, dict[str, Any]]:
    whole = counts.filter(~pl.col("is_open"))
    found = whole.group_by("entity_id").agg(
        pl.col("articles").sum(), pl.col("observed_articles").sum(), pl.col("articles").max().alias("highest")
    )
    return {r["entity_id"]: r | {"share": r["articles"] / max(1, r["observed_articles"])} for r in found.to_dicts()}


def _pairs(asked: Asked, names: list[str]) -> list[dict[str, Any]]:
    since, until = asked.copy.span(asked.params.weeks, asked.params.until)
    return rows(asked.archive, "page_matrix", entities=names, since=since, until=until)


def pair(asked: Asked) -> Page:
    """Two names in the same articles: how often, how much more than by chance, in which sentences."""
    one, other = (named(asked, text) for text in asked.params.names[:2])
    if one.entity_id == other.entity_id:
        raise NotThereError("A pair needs two different names.")
    since, until = asked.copy.span(asked.params.weeks, asked.params.until)
    asked_for = {"entity": one.entity_id, "other": other.entity_id, "since": since, "until": until}
    counts = frame(asked.archive, "page_pair_weeks", **asked_for)
    title = f"Articles that name both {one.shown} and {other.shown}"
    address = f"~/pair/{one.entity_id}/{other.entity_id}?week={{week}}"
    figure = lone_figure(asked, title, counts, "articles", "both", address, parts.FULL)
    partners = rows(asked.archive, "page_partners", entity=one.entity_id, since=since, until=until, least=1, limit=2000)
    standing = next((p for p in partners if p["entity_id"] == other.entity_id), None)
    values = {
        "one": one, "other": other, "week": asked.params.week, "standing": standing, "since": since, "until": until,
        "sentences": [
            s | {"html": parts.marked(s["sentence"], [(m["starts"], m["ends"]) for m in s["marks"]])}
            for s in rows(asked.archive, "page_pair_evidence", **asked_for | week_only(asked), limit=25)
        ],
    }  # fmt: skip
    return Page("pair.html", f"{one.shown} and {other.shown}", values, [figure])


def week_only(asked: Asked) -> dict[str, Any]:
    """The span of one week, when the address names one."""
    return {"since": asked.params.week, "until": asked.params.week} if asked.params.week else {}


def lone_figure(
    asked: Asked, title: str, counts: pl.DataFrame, column: str, name: str, href: str, width: int = parts.WIDE
) -> Figure:
    """A trend chart of one series that is no entity's: a pair, a bloc, a source's volume.

    `counts` has week, state, is_open and the column; `{week}` in `href` stands for a point's Monday.
    """
    series = counts.to_dicts()
    points = [
        _lone(row, _mean(series[max(0, i - 3) : i + 1], column), column, name, href) for i, row in enumerate(series)
    ]
    _, until = asked.copy.span(asked.params.weeks, asked.params.until)
    marks: dict[str, Any] = {
        "title": title,
        "focus": name,
        "share": column == "share",
        "outages": outages([row | {"sources": row.get("sources", 0)} for row in series]),
        "events": parts.shown_events(asked),
        "until": until,
    }
    drawn = pl.DataFrame(points, schema=SCHEMA)
    wide = trend(drawn, View(**marks, width=width, height=260))
    narrow = trend(drawn, View(**marks, width=parts.NARROW, height=240))
    return Figure("trend", title, counts, wide, narrow)


def _mean(window: list[dict[str, Any]], column: str) -> float | None:
    known = [row[column] for row in window if row[column] is not None and not row["is_open"]]
    return sum(known) / len(known) if known else None


def _lone(row: dict[str, Any], mean: float | None, column: str, name: str, href: str) -> dict[str, Any]:
    value = None if row["state"] == "unobserved" else row[column]
    has_band = column == "share" and row.get("share_low") is not None
    said = "not observed" if value is None else f"{value:.1%}" if column == "share" else f"{value:,}"
    return {
        "entity_id": name, "name": name, "short": name, "week": row["week"],
        "value": None if value is None else float(value), "low": row["share_low"] if has_band else None,
        "high": row["share_high"] if has_band else None, "mean": None if value is None else mean,
        "is_open": bool(row["is_open"]), "href": href.replace("{week}", row["week"].isoformat()),
        "label": f"{name}, week of {row['week']:%-d %b %Y}: {said}" + (", week to date" if row["is_open"] else ""),
    }  # fmt: skip


def bloc(asked: Asked) -> Page:
    """Any member of a bloc, each article once; the mean per member; the members."""
    name = named(asked, asked.params.names[0])
    since, until = asked.copy.span(asked.params.weeks, asked.params.until)
    counts = frame(asked.archive, "page_bloc_weeks", bloc=name.entity_id, since=since, until=until)
    span = {"since": since, "until": until} | week_only(asked)
    members = frame(asked.archive, "page_bloc_members", bloc=name.entity_id, **span)
    if members.is_empty():
        raise NotThereError(f"{name.full} has no members in the gazetteer.")
    column = "share" if asked.params.unit == "share" else "articles"
    title = f"{'Share of articles' if column == 'share' else 'Articles'} that name any member of {name.shown}"
    figure = lone_figure(asked, title, counts, column, "any member", f"~/bloc/{name.entity_id}?week={{week}}")
    week = asked.copy.last_week
    last = counts.filter(pl.col("week") == week).to_dicts() if week else []
    current = members.filter(pl.col("valid_to").is_null())["entity_id"].to_list()
    values = {
        "name": name, "members": members.to_dicts(), "last": last[0] if last else None,
        "week": asked.params.week, "since": since, "until": until,
        "sparks": parts.sparks(asked, current, week, 26) if week else {},
    }  # fmt: skip
    return Page("bloc.html", f"{name.shown}: members", values, [figure, Figure("members", "Members", members)])
