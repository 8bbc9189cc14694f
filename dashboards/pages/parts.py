"""What several pages show: the trend figure, the ranking with sparklines, evidence and its sources."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

import polars as pl
from markupsafe import Markup

from dashboards import pinned
from dashboards.charts.frame import Event, Peak, View
from dashboards.charts.sparks import Spark, sparkline
from dashboards.charts.style import Spec
from dashboards.charts.trend import trend
from dashboards.page import Asked, Figure, NotThereError
from dashboards.params import Params
from dashboards.reading import WEEK, frame, rows
from dashboards.series import MEAN_WEEKS, outages, points, unseen
from dashboards.words import day, number, percent

WIDE, FULL, NARROW = 720, 1180, 366  # beside a column or on a tablet, over the page, on a phone
PER_PAGE = 40
END_WEEKS = 4
EVERYONE = 100_000  # names: all of a week are judged together


def with_earlier(since: date) -> date:
    """From which week to ask: the first drawn weeks have those before them in their mean."""
    return since - (MEAN_WEEKS - 1) * WEEK


def trend_counts(asked: Asked, entities: Sequence[str], since: date, until: date) -> pl.DataFrame:
    """Weekly counts of some names: of the whole archive, of a filtered part of it, or as an earlier copy had them."""
    params = asked.params
    if params.as_of:
        return pinned.trend(asked, entities, since, until)
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
    counts = trend_counts(asked, entities, with_earlier(since), until)
    drawn = points(counts, params, asked.copy, focus).filter(pl.col("week") >= since)
    counts = counts.filter(pl.col("week") >= since)
    title = title or trend_title(params)
    gaps = outages(weeks_within(asked, since, until))
    marks: dict[str, Any] = {
        "title": f"{title}: {', '.join(asked.copy.names[e].shown for e in entities)}",
        "focus": focus,
        "share": is_share(params),
        "outages": gaps,
        "events": shown_events(asked),
        "until": until,
    }
    peaks = spike_peaks(asked, entities, since, until, drawn)
    drawings = at_widths(drawn, View(**marks, peaks=peaks, width=width, height=380), height=280, notes=1)
    shown = pivot(counts, params, asked)
    return Figure("trend", title, counts, **drawings, shown=shown, unseen=unseen(gaps)), counts


def at_widths(drawn: pl.DataFrame, view: View, **narrow: int) -> dict[str, Spec | None]:
    """The drawings of a trend: for a desk, for a tablet where that is too wide for one, and for a phone."""
    beside = replace(view, width=WIDE, height=round(0.87 * view.height))
    is_full = view.width > WIDE
    return {
        "spec": trend(drawn, view if is_full else beside),
        "middle": trend(drawn, beside) if is_full else None,
        "narrow": trend(drawn, replace(view, width=NARROW, short_names=True, **narrow)),
    }


def weeks_of(asked: Asked, since: date, until: date) -> list[dict[str, Any]]:
    """The weeks of a span with how many sources were seen."""
    if asked.params.as_of:
        return pinned.weeks(asked, since, until)
    return rows(asked.archive, "page_weeks", since=since, until=until)


def weeks_within(asked: Asked, since: date, until: date) -> list[dict[str, Any]]:
    """The same of the sources that the filters leave."""
    chosen = {name: asked.params[name] for name in ("source_type", "region", "collection", "source")}
    if any(chosen.values()):
        return rows(asked.archive, "page_weeks_filtered", since=since, until=until, **chosen)
    return weeks_of(asked, since, until)


def grown(asked: Asked) -> str:
    """A warning when the set of sources changed within the shown range, or when no source fits the filters."""
    since, until = asked.copy.span(asked.params.weeks, asked.params.until)
    weeks = weeks_within(asked, since, until)
    if weeks and all(w.get("sources") == 0 for w in weeks):
        return "No source fits all of these filters in this range."
    counts = [w["sources"] for w in weeks if w.get("sources") and not w["is_open"]]
    if not counts or counts[0] == counts[-1] or is_share(asked.params):
        return ""
    verb = "grew" if counts[-1] > counts[0] else "fell"
    return f"The sources {verb} from {counts[0]} to {counts[-1]} in this range: compare shares rather than counts."


def shown_events(asked: Asked) -> list[Event]:
    """The operator's dates within the shown range."""
    since, until = asked.copy.span(asked.params.weeks, asked.params.until)
    return sorted((e for e in asked.events if since <= e.day < until + WEEK), key=lambda e: e.day)


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
    """The most named of a week, then those that only the eight weeks before it named."""
    if asked.params.as_of:
        return [row for row in pinned.ranking(asked, week) if not kind or row["kind"] == kind][:limit]
    return rows(asked.archive, "page_ranking", week=week, kind=kind, limit=limit)


def sparks(asked: Asked, entities: Sequence[str], until: date, weeks: int = 26) -> dict[str, Spark]:
    """A sparkline for each name, each on its own zero-based scale."""
    since = until - WEEK * (weeks - 1)
    if asked.params.as_of:
        return {e: sparkline(s) for e, s in pinned.series(asked, entities, since, until).items()}
    found = rows(asked.archive, "page_series", entities=list(entities), since=since, until=until)
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


def need_page(asked: Asked, found: Collection[object]) -> None:
    """Refuse a page after the last one: it would say that there is nothing. Raises NotThereError."""
    if asked.params.page > 1 and not len(found):
        raise NotThereError(f"There is no page {asked.params.page} of this.")


def evidence_link(asked: Asked, entity: str, week: date | None = None) -> str:
    """The address, under the root, of all sentences of a name: of a week, or of the shown range; within the filters."""
    when = {"week": week} if week else {"weeks": asked.params.weeks, "until": asked.params.until}
    given = {"entities": entity, **when, **asked.params.filters}
    return "/evidence?" + urlencode({key: value for key, value in given.items() if value})


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
    """Where the articles on a name came from, most first, each with a bar's width."""
    span = {"entity": entity, "since": since, "until": until, "limit": limit}
    if asked.params.is_filtered:
        found = rows(asked.archive, "page_sources_within", **span, **asked.params.filters)
    else:
        found = rows(asked.archive, "page_sources_of", **span)
    most = found[0]["articles"] if found else 1
    return [row | {"bar": row["articles"] / most} for row in found]
