"""What several pages show: the trend figure, the ranking with sparklines, evidence and its sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

import polars as pl
from markupsafe import Markup

from dashboards.charts.frame import Event, Peak, View
from dashboards.charts.sparks import Spark, sparkline
from dashboards.charts.trend import trend
from dashboards.page import Asked, Figure, NotThereError
from dashboards.params import Params
from dashboards.reading import WEEK, frame, rows
from dashboards.series import outages, points
from dashboards.words import day, number, percent

WIDE, FULL, NARROW = 860, 1180, 366  # beside a column, over the page, on a phone
PER_PAGE = 40
END_WEEKS = 4


def trend_counts(asked: Asked, entities: Sequence[str], since: date, until: date) -> pl.DataFrame:
    """Weekly counts of some names: of the whole archive, of a filtered part of it, or as an earlier copy had them."""
    params = asked.params
    if params.as_of is not None:
        if params.as_of > asked.copy.vintage:
            raise NotThereError(f"There is no copy {params.as_of}: the newest is {asked.copy.vintage}.")
        pinned = [asked.archive.trend(e, since, until, params.as_of) for e in entities]
        found = pl.concat(pinned).filter(pl.col("week").is_between(since, until))
        if found.is_empty():
            raise NotThereError(f"Copy {params.as_of} has expired, or had nothing for these names and weeks.")
        return found.with_columns((pl.col("week") == asked.copy.open_week).alias("is_open"))
    if params.is_filtered:
        return frame(
            asked.archive, "page_trend_filtered", entities=list(entities), since=since, until=until, **params.filters
        )
    return frame(asked.archive, "page_trend", entities=list(entities), since=since, until=until)


def trend_figure(
    asked: Asked, entities: Sequence[str], focus: str, title: str = "", width: int = WIDE
) -> tuple[Figure, pl.DataFrame]:
    """The chart of weekly values, wide and narrow, with the counts behind it."""
    params = asked.params
    since, until = asked.copy.span(params.weeks, params.until)
    counts = trend_counts(asked, entities, since, until)
    drawn = points(counts, params, asked.copy, focus)
    title = title or trend_title(params)
    weeks = rows(asked.archive, "page_weeks", since=since, until=until)
    marks: dict[str, Any] = {
        "title": f"{title}: {', '.join(asked.copy.names[e].shown for e in entities)}",
        "focus": focus,
        "share": is_share(params),
        "outages": outages(weeks),
        "events": shown_events(asked),
        "until": until,
    }
    peaks = spike_peaks(asked, entities, since, until, drawn)
    wide = trend(drawn, View(**marks, peaks=peaks, width=width))
    narrow = trend(drawn, View(**marks, peaks=peaks, width=NARROW, height=280, short_names=True, notes=1))
    return Figure("trend", title, counts, wide, narrow, shown=pivot(counts, params, asked)), counts


def shown_events(asked: Asked) -> list[Event]:
    """The operator's dates within the shown range."""
    since, until = asked.copy.span(asked.params.weeks, asked.params.until)
    return [e for e in asked.events if since <= e.day < until + WEEK]


def is_share(params: Params) -> bool:
    """Whether shares are drawn: they are of articles only."""
    return params.unit == "share" and params.measure == "articles"


def trend_title(params: Params) -> str:
    """What the vertical axis counts."""
    return "Share of articles, by week" if is_share(params) else f"{params.measure.capitalize()} per week"


def spike_peaks(asked: Asked, entities: Sequence[str], since: date, until: date, drawn: pl.DataFrame) -> list[Peak]:
    """The highest week of each run of spikes of the drawn names, largest first; none in a filtered or pinned view."""
    if asked.params.is_filtered or asked.params.as_of is not None:
        return []
    found = rows(asked.archive, "page_spikes", since=since, until=until, limit=200)
    values = {(r["entity_id"], r["week"]): r["value"] for r in drawn.to_dicts() if r["value"] is not None}
    # the label at the end of a line says its last weeks
    told = until - END_WEEKS * WEEK
    mine = [s for s in found if (s["entity_id"], s["week"]) in values and s["week"] < told]
    peaks: list[dict[str, Any]] = []
    for spike in sorted(mine, key=lambda s: -values[s["entity_id"], s["week"]]):
        near = any(p["entity_id"] == spike["entity_id"] and abs(p["week"] - spike["week"]) <= 6 * WEEK for p in peaks)
        if not near:
            peaks.append(spike)
    share = is_share(asked.params)
    return [_peak(asked, s, values[s["entity_id"], s["week"]], share) for s in peaks[:6]]


def _peak(asked: Asked, spike: dict[str, Any], value: float, share: bool) -> Peak:
    shown = percent(value) if share else number(value)
    name = asked.copy.names[spike["entity_id"]].shown
    return Peak(spike["entity_id"], spike["week"], f"{name} {shown} · {day(spike['week'])}")


def pivot(counts: pl.DataFrame, params: Params, asked: Asked) -> pl.DataFrame:
    """The drawn numbers as a table for people: one row a week, the newest first, one column a name."""
    column = "share" if is_share(params) else params.measure
    if counts.is_empty():
        return pl.DataFrame({"Week": []})
    wide = counts.pivot("entity_id", index=["week", "state", "observed_articles"], values=column, sort_columns=False)
    known = {e: asked.copy.names[e].shown for e in wide.columns if e in asked.copy.names}
    if column == "share":
        wide = wide.with_columns(pl.col(e).map_elements(percent, pl.String) for e in known)
    state = pl.when(pl.col("week") == asked.copy.open_week).then(pl.lit("to date")).otherwise(pl.col("state"))
    return (
        wide.with_columns(state.alias("state"))
        .sort("week", descending=True)
        .rename({**known, "week": "Week", "state": "Seen", "observed_articles": "All articles"})
    )


def ranking(asked: Asked, week: date, kind: str, limit: int) -> list[dict[str, Any]]:
    """The most named of a week."""
    return rows(asked.archive, "page_ranking", week=week, kind=kind, limit=limit)


def sparks(asked: Asked, entities: Sequence[str], until: date, weeks: int = 26) -> dict[str, Spark]:
    """A sparkline for each name, each on its own zero-based scale."""
    found = rows(asked.archive, "page_series", entities=list(entities), since=until - WEEK * (weeks - 1), until=until)
    return {row["entity_id"]: sparkline(row["articles"]) for row in found}


def evidence_rows(
    asked: Asked, entity: str, since: date, until: date, limit: int, page: int = 1
) -> list[dict[str, Any]]:
    """Articles with the sentences that were counted, each sentence once with all its marks."""
    found = rows(
        asked.archive, "page_evidence", entity=entity, since=since, until=until, limit=limit,
        offset=(page - 1) * limit, **asked.params.filters,
    )  # fmt: skip
    articles = []
    for _, group in groupby(found, key=lambda r: r["article_id"]):
        mentions = list(group)
        sentences = [
            {"html": marked(same[0]["sentence"], [(m["mark_start"], m["mark_end"]) for m in same]), **same[0]}
            for same in (list(g) for _, g in groupby(mentions, key=lambda m: (m["field"], m["sentence_start"])))
        ]
        articles.append(mentions[0] | {"sentences": sentences})
    return articles


def marked(sentence: str | None, spans: Sequence[tuple[int, int]]) -> Markup:
    """A sentence with the names in it marked; everything is escaped."""
    if sentence is None:
        return Markup("")
    pieces, at = [], 0
    for start, end in sorted(spans):
        if at <= start < end <= len(sentence):
            pieces.append(Markup("{}<mark>{}</mark>").format(sentence[at:start], sentence[start:end]))
            at = end
    return Markup("").join([*pieces, Markup("{}").format(sentence[at:])])


def sources_of(asked: Asked, entity: str, since: date, until: date, limit: int = 12) -> list[dict[str, Any]]:
    """Where the articles on a name came from, most first, with a bar's width relative to the first."""
    found = rows(asked.archive, "page_sources_of", entity=entity, since=since, until=until, limit=limit)
    most = found[0]["articles"] if found else 1
    return [row | {"bar": row["articles"] / most} for row in found]
