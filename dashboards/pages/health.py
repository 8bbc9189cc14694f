"""Whether to trust the numbers: feeds, coverage, runs and what became of every entry; and how numbers are made."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import polars as pl

from dashboards.charts.coverage import coverage
from dashboards.page import Asked, Figure, Page
from dashboards.pages import parts
from dashboards.pages.places import whole_weeks
from dashboards.quality import card
from dashboards.reading import WEEK, frame, rows
from dashboards.words import cold_start, day, missing
from monitor.queries import data_checks

NARROW_WEEKS = 13  # as many as a phone has room for
STATES = {"observed": "seen in full", "partial": "partly seen", "unobserved": "not seen"}


def health(asked: Asked) -> Page:
    """Feeds, coverage of the last half year, runs, reconciliation."""
    since, until = whole_weeks(asked, 26)
    weeks = frame(asked.archive, "page_coverage", since=since, until=until)
    drawn = weeks.with_columns(
        (pl.lit("~/source/") + pl.col("publisher").map_elements(_quoted, pl.String)).alias("href"),
        pl.struct(pl.all()).map_elements(_label, pl.String).alias("label"),
    )
    feeds = frame(asked.archive, "page_feeds")
    listed = feeds.to_dicts()
    title = "How much of each source's weeks was seen"
    late = drawn.filter(pl.col("week") > until - NARROW_WEEKS * WEEK)
    drawings = {
        "spec": coverage(drawn, title, parts.FULL),
        "middle": coverage(drawn, title, parts.WIDE),
        "narrow": coverage(late, title, parts.NARROW),
    }
    figures = [
        Figure("coverage", title, weeks, **(drawings if late.height else {}), shown=_states(weeks)),
        Figure("feeds", "Feeds", feeds),
        Figure("entries", "Entries", frame(asked.archive, "page_entries")),
    ]
    runs = rows(asked.archive, "page_runs", limit=12)
    values = {
        "feeds": [f for f in listed if f["advice"] != "Well."][:60],
        "well": sum(f["advice"] == "Well." for f in listed), "count": len(listed), "runs": runs,
        "entries": figures[2].table.to_dicts(), "here": "health", "since": since, "until": until + timedelta(days=6),
        "vintages": rows(asked.archive, "page_vintages", limit=8),
        "cold": cold_start(asked.copy.complete_weeks, asked.copy.first_week),
        "checks": {name.replace("_", " "): about for name, about in data_checks().items()},
        "balanced": [r for r in runs if r["discovered"] is not None and r["discovered"] != _sum(r)],
    }  # fmt: skip
    return Page("health.html", "Health", values, figures)


def _sum(run: dict[str, int]) -> int:
    return sum(run[k] or 0 for k in ("stored", "duplicate", "refused", "failed", "pending"))


def _quoted(text: str) -> str:
    return quote(text, safe="")


def _label(row: dict[str, Any]) -> str:
    week: date = row["week"]
    told = f"{row['publisher']}, week of {day(week)}: {STATES[row['state']]}, {row['observed_articles']} articles"
    return told + (f", {missing(count)}" if (count := row.get("missing_articles")) else "")


def _states(weeks: pl.DataFrame) -> pl.DataFrame:
    counted = weeks.group_by("publisher", maintain_order=True).agg(
        *((pl.col("state") == state).sum().alias(text.capitalize()) for state, text in STATES.items()),
        pl.col("observed_articles").sum().alias("Articles"),
        *(pl.col(c).sum().alias("Missing") for c in ("missing_articles",) if c in weeks.columns),
    )
    return counted.rename({"publisher": "Source"})


def method(asked: Asked) -> Page:
    """How the numbers are made, with the versions behind them."""
    vintages = frame(asked.archive, "page_vintages", limit=200)
    values = {"here": "method", "vintages": vintages.head(10).to_dicts(), "card": card()}
    return Page("method.html", "How these numbers are made", values, [Figure("vintages", "Published copies", vintages)])
