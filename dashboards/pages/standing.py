"""Where a name stands in a week: in a sentence, and what of it a filtered view or an earlier copy can say."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from dashboards import pinned, words
from dashboards.page import Asked
from dashboards.pages import parts
from dashboards.reading import WEEK, rows
from monitor.trends import CHANGE_WEEKS, LEAST_SEEN


def headline(asked: Asked, focus: str, week: date, everyone: list[dict[str, Any]] | None = None) -> words.Sentence:
    """The sentence on a name's last whole week; `everyone` are the rows of that week where they are at hand."""
    sources = [] if asked.params.as_of else parts.sources_of(asked, focus, week, week)  # a copy keeps none
    row = standing(asked, focus, week, everyone or [])
    name, complete = asked.copy.names[focus].shown, asked.copy.complete_weeks
    return words.headline(name, row, sources, complete, within=asked.params.is_filtered)


def partly_seen(asked: Asked, week: date) -> str:
    """A warning when the week that a page speaks of was seen in part by the sources within the filters."""
    found = [row for row in parts.weeks_within(asked, week, week) if row["state"] == "partial" and not row["is_open"]]
    return words.unseen(found[0]) if found else ""


def standing(asked: Asked, focus: str, week: date, everyone: list[dict[str, Any]]) -> dict[str, Any] | None:
    """A name's week with the rate of the eight weeks before."""
    if asked.params.is_filtered:
        return counted(parts.trend_counts(asked, [focus], week - WEEK * CHANGE_WEEKS, week), week)
    found = [r for r in everyone if r["entity_id"] == focus]
    if asked.params.as_of:
        found = found or pinned.trend(asked, [focus], week, week).to_dicts()
    found = found or rows(asked.archive, "page_standing", entity=focus, week=week)
    return found[0] | {"week": week} if found else None


def counted(counts: pl.DataFrame, week: date) -> dict[str, Any] | None:
    """The same from the weekly counts of one name; without an interval, so without a verdict."""
    now = counts.filter(pl.col("week") == week).to_dicts()
    earlier = counts.filter(pl.col("week") < week)
    before = earlier.filter(pl.col("articles").is_not_null())
    is_enough = earlier.height == CHANGE_WEEKS and before.height >= LEAST_SEEN
    seen = before["observed_articles"].sum() if is_enough else 0
    return now[0] | {"mean8": before["articles"].sum() / seen if seen else None} if now else None
