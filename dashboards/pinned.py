"""An earlier copy as it was: a copy keeps the counts of each name and week, and how much of each week was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from dashboards.page import Asked, NotThereError
from dashboards.reading import WEEK, frame, rows

BEFORE, LEAST_BEFORE = 8, 6  # weeks that a week is compared with, and how many of them must have been seen


def pinned(asked: Asked) -> Asked:
    """The same question to the copy that `as_of` names. Raises NotThereError when it is not kept (any longer)."""
    vintage = asked.params.as_of
    state = rows(asked.archive, "page_pinned_state", vintage=vintage)[0]
    if state["newest"] is None or state["newest"] < vintage:
        raise NotThereError(f"There is no copy {vintage}: the newest is {state['newest'] or 0}.")
    if state["published_at"] is None:
        raise NotThereError(f"Copy {vintage} has expired: numbers are kept from copy {state['oldest']} on.")
    known = asked.copy.state | state | {"data_through": state["published_at"]}
    return replace(asked, copy=replace(asked.copy, state=known))


def trend(asked: Asked, entities: Sequence[str], since: date, until: date) -> pl.DataFrame:
    """Weekly counts of some names; a copy keeps no intervals."""
    span = {"since": since, "until": until}
    found = frame(asked.archive, "page_pinned_trend", vintage=asked.params.as_of, entities=list(entities), **span)
    none = [pl.lit(None, pl.Float64).alias(name) for name in ("share_low", "share_high")]
    return found.with_columns(none)


def weeks(asked: Asked, since: date, until: date) -> list[dict[str, Any]]:
    """The weeks of a span with how much of each was seen."""
    return rows(asked.archive, "page_pinned_weeks", vintage=asked.params.as_of, since=since, until=until)


def counts(asked: Asked, since: date, until: date) -> pl.DataFrame:
    """All names that were counted in a span of weeks."""
    return frame(asked.archive, "page_pinned_counts", vintage=asked.params.as_of, since=since, until=until)


def ranking(asked: Asked, week: date) -> list[dict[str, Any]]:
    """The most named of a week beside the rate of the eight weeks before, without a verdict: it keeps no dispersion."""
    since = week - WEEK * BEFORE
    observed = {w["week"]: w["observed_articles"] for w in weeks(asked, since, week) if w["state"] != "unobserved"}
    return ranked(counts(asked, since, week), observed, week)


def ranked(found: pl.DataFrame, observed: dict[date, int], week: date) -> list[dict[str, Any]]:
    """The rows of a week, most named first, from the counts of nine weeks and the articles seen in each."""
    now = observed.get(week) or 0
    before = {w: n for w, n in observed.items() if w < week}
    seen = sum(before.values()) if len(before) >= LEAST_BEFORE else 0
    earlier = found.filter(pl.col("week") < week).group_by("entity_id").agg(pl.col("articles").sum().alias("earlier"))
    mine = found.filter((pl.col("week") == week) & (pl.col("articles") > 0)).join(earlier, "entity_id", "left")
    told = [_told(row, now, seen) for row in mine.to_dicts()]
    return sorted(told, key=lambda row: (-row["articles"], -row["stories"], row["name"]))


def _told(row: dict[str, Any], now: int, seen: int) -> dict[str, Any]:
    share = row["articles"] / now if now else None
    mean = (row["earlier"] or 0) / seen if seen else None
    return row | {
        "observed_articles": now, "share": share, "mean8": mean, "usual_articles": None if mean is None else mean * now,
        "change8": None if mean is None or share is None else share - mean,
    }  # fmt: skip


def series(asked: Asked, entities: Sequence[str], since: date, until: date) -> dict[str, list[int | None]]:
    """The articles of each name week by week, for sparklines; None where nothing was seen."""
    found = trend(asked, entities, since, until)
    return {str(key[0]): group["articles"].to_list() for key, group in found.group_by("entity_id")}


def by_country(asked: Asked, countries: pl.DataFrame, since: date, until: date) -> pl.DataFrame:
    """Articles by country over a span of weeks, in the form of `countries`."""
    total = counts(asked, since, until).group_by("entity_id").agg(pl.col("articles").sum().cast(pl.Int32))
    seen = sum(w["observed_articles"] or 0 for w in weeks(asked, since, until) if w["state"] != "unobserved")
    found = countries.drop("articles").join(total, "entity_id", "left").with_columns(
        pl.col("articles").fill_null(0), pl.lit(seen, pl.Int32).alias("observed_articles")
    )  # fmt: skip
    return found.select(countries.columns).sort(["articles", "name"], descending=[True, False])
