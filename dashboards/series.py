"""From query rows to what a trend chart draws: one unit, one measure, four-week means, gaps, outages, labels."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

import polars as pl

from dashboards.charts.frame import Outage
from dashboards.params import Params
from dashboards.reading import Copy
from dashboards.words import day, missing, percent

MEAN_WEEKS = 4
MOST_TOLD = 6  # runs of weeks not fully seen that are named below a chart

SCHEMA = {
    "entity_id": pl.String, "name": pl.String, "short": pl.String, "week": pl.Date, "value": pl.Float64,
    "low": pl.Float64, "high": pl.Float64, "mean": pl.Float64, "is_open": pl.Boolean, "href": pl.String,
    "label": pl.String,
}  # fmt: skip


def points(counts: pl.DataFrame, params: Params, copy: Copy, focus: str) -> pl.DataFrame:
    """Chart rows from weekly counts (week, entity_id, articles, stories, sources, observed_articles, share, ...)."""
    is_share = params.unit == "share" and params.measure == "articles"
    rows = []
    for entity_id, group in counts.group_by("entity_id", maintain_order=True):
        window: list[dict[str, Any]] = []
        for row in group.iter_rows(named=True):
            window = [*window[1 - MEAN_WEEKS :], row]
            rows.append(_point(row, window, str(entity_id[0]), params, copy, is_share, entity_id[0] == focus))
    return pl.DataFrame(rows, schema=SCHEMA)


def _point(
    row: dict[str, Any],
    window: list[dict[str, Any]],
    entity_id: str,
    params: Params,
    copy: Copy,
    is_share: bool,
    is_focus: bool,
) -> dict[str, Any]:
    name = copy.names[entity_id]
    value = row["share"] if is_share else row[params.measure]
    if row["is_open"] and not row["observed_articles"]:
        value = None  # nothing of the week was seen yet: that is no zero
    low, high = row.get("share_low"), row.get("share_high")
    if low is not None and not is_share:
        low, high = low * row["observed_articles"], high * row["observed_articles"]
    has_band = is_focus and low is not None and params.measure == "articles"
    return {
        "entity_id": entity_id, "name": name.shown, "short": name.short, "week": row["week"],
        "value": None if value is None else float(value),
        "low": low if has_band else None, "high": high if has_band else None,
        "mean": None if value is None else mean_of(window, params.measure, is_share=is_share),
        "is_open": bool(row["is_open"]), "href": evidence_path(entity_id, row["week"], params),
        "label": _label(name.shown, row, params.measure),
    }  # fmt: skip


def mean_of(window: list[dict[str, Any]], measure: str, *, is_share: bool) -> float | None:
    """The mean of the weeks that were seen and are over; of shares the articles of all of them over all observed."""
    # a source that nobody saw has zero articles in its week, a name has none
    known = [r for r in window if r[measure] is not None and not r["is_open"] and r.get("state") != "unobserved"]
    if not known:
        return None
    if is_share:
        observed = sum(row["observed_articles"] or 0 for row in known)
        return float(sum(row["articles"] for row in known)) / observed if observed else None
    return float(sum(row[measure] for row in known)) / len(known)


def _label(name: str, row: dict[str, Any], measure: str) -> str:
    when = f"{row['week']:%-d %b %Y}"
    if row[measure] is None:
        return f"{name}, week of {when}: not observed"
    told = f"{name}, week of {when}: {row['articles']} of {row['observed_articles']} articles"
    if row["share"] is not None:
        told += f" ({percent(row['share'])})"
    if measure != "articles":
        told += f", {row[measure]} {measure}"
    return told + words_of_state(row)


def words_of_state(row: dict[str, Any]) -> str:
    """What a point must say beside its number: that its week is not over, or was not fully seen."""
    if row["is_open"]:
        return ", week to date"
    return ", week partly seen" if row.get("state") == "partial" else ""


def evidence_path(entity_id: str, week: date, params: Params, path: str = "evidence") -> str:
    """Where a point leads: its sentences, within the same filters."""
    asked = {"entities": entity_id, "week": week.isoformat()}
    for key in ("source_type", "region", "collection", "source", "salience", "form", "as_of"):
        if value := getattr(params, key):
            asked[key] = value
    return f"~/{path}?{urlencode(asked)}"


def outages(weeks: list[dict[str, Any]]) -> list[Outage]:
    """Runs of weeks that were not fully seen, each with how many sources failed."""
    runs = [(kind, list(run)) for kind, run in groupby(weeks, key=_unseen_kind)]
    return [
        Outage(run[0]["week"], run[-1]["week"], outage_text(run), sum(w.get("missing_articles") or 0 for w in run))
        for kind, run in runs
        if kind
    ]


def _unseen_kind(week: dict[str, Any]) -> str:
    if week["is_open"] or week["state"] == "observed":
        return ""
    return "no source" if week.get("sources") == 0 else str(week["state"])


def outage_text(run: list[dict[str, Any]]) -> str:
    """What was not seen of some weeks that were seen alike."""
    if run[0]["state"] == "unobserved":
        return "no source" if run[0].get("sources") == 0 else "no data"
    for column, said in (("sources_unobserved", "failed"), ("sources_partial", "partly seen")):
        counts = {week.get(column) or 0 for week in run}
        if most := max(counts):
            total = max(run, key=lambda w: w.get(column) or 0)["sources"]
            return f"{'up to ' if len(counts) > 1 else ''}{most} of {total} sources {said}" if total > 1 else said
    return "partly seen"


def unseen(found: list[Outage]) -> str:
    """The same in a sentence, the newest first, with the announced articles that are missing."""
    told = [f"{_span(o)} ({o.text}{', ' + missing(o.missing) if o.missing else ''})" for o in reversed(found)]
    if not told:
        return ""
    more = len(told) - MOST_TOLD
    return f"Weeks not fully seen: {', '.join(told[:MOST_TOLD])}{f', and {more} earlier' if more > 0 else ''}."


def _span(outage: Outage) -> str:
    if outage.since == outage.until:
        return day(outage.since)
    return f"{day(outage.since)} to {day(outage.until + timedelta(days=6))}"
