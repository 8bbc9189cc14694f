"""A trend chart of one series that is no entity's: a pair, a bloc, a source's volume."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboards.charts.frame import View
from dashboards.page import Asked, Figure
from dashboards.pages import parts
from dashboards.series import MEAN_WEEKS, SCHEMA, mean_of, outages, unseen, words_of_state
from dashboards.words import percent


def lone_figure(
    asked: Asked,
    title: str,
    counts: pl.DataFrame,
    column: str,
    name: str,
    href: str,
    width: int = parts.WIDE,
    weeks: list[dict[str, Any]] | None = None,
) -> Figure:
    """The figure with a drawing for each width.

    `counts` has week, state, is_open and the column, from `parts.with_earlier` on; the figure's table begins with the
    first drawn week. `{week}` in `href` stands for a point's Monday; `weeks` say what was not seen, if the counts do
    not.
    """
    series = counts.to_dicts()
    windows = [series[max(0, i - MEAN_WEEKS + 1) : i + 1] for i in range(len(series))]
    is_share = column == "share"
    means = [mean_of(window, "articles" if is_share else column, is_share=is_share) for window in windows]
    since, until = asked.copy.span(asked.params.weeks, asked.params.until)
    shown = counts.filter(pl.col("week") >= since)
    points = [
        _lone(row, mean, column, name, href) for row, mean in zip(series, means, strict=True) if row["week"] >= since
    ]
    gaps = outages(weeks or shown.to_dicts())
    marks: dict[str, Any] = {
        "title": title,
        "focus": name,
        "share": is_share,
        "outages": gaps,
        "events": parts.shown_events(asked),
        "until": until,
    }
    drawn = pl.DataFrame(points, schema=SCHEMA)
    drawings = parts.at_widths(drawn, View(**marks, width=width, height=260), height=240)
    return Figure("trend", title, shown, **drawings, unseen=unseen(gaps))


def _lone(row: dict[str, Any], mean: float | None, column: str, name: str, href: str) -> dict[str, Any]:
    unseen = row["state"] == "unobserved" or (row["is_open"] and not row["observed_articles"])
    value = None if unseen else row[column]
    has_band = column == "share" and row.get("share_low") is not None
    said = "not observed" if value is None else percent(value) if column == "share" else f"{value:,}"
    return {
        "entity_id": name, "name": name, "short": "", "week": row["week"],
        "value": None if value is None else float(value), "low": row["share_low"] if has_band else None,
        "high": row["share_high"] if has_band else None, "mean": None if value is None else mean,
        "is_open": bool(row["is_open"]), "href": href.replace("{week}", row["week"].isoformat()),
        "label": f"{name}, week of {row['week']:%-d %b %Y}: {said}" + words_of_state(row),
    }  # fmt: skip
