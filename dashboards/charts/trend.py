"""The weekly trend: up to six lines, gaps where nothing was seen, a hollow week to date, labels at the line ends."""

from __future__ import annotations

import polars as pl
from dashboards.charts import heads, lines, marks
from dashboards.charts.frame import BOTTOM, LEFT, TOP, View, axes, make_frame
from dashboards.charts.style import LINES, Spec, base, text_width

BOLD = 13.6  # a text of 12 pixels is as wide in bold as one of this size


def trend(points: pl.DataFrame, view: View) -> Spec:
    """The chart of weekly values.

    `points` has a row for each name and week: entity_id, name, short, week, value (None: not observed), low, high,
    mean (of four weeks), is_open, href, label; the names in the order of their colours, the weeks in time's order.
    """
    ids = points["entity_id"].unique(maintain_order=True).to_list()
    colours = dict(zip(ids, LINES, strict=False))
    ends = marks.line_ends(points, view)
    right = 20 + max(
        (text_width(end["text"], BOLD if end["entity_id"] == view.focus else 12) for end in ends), default=0
    )
    frame = make_frame(points, view, right)
    placed = heads.heads(view, frame)
    frame.above = TOP + heads.ROW * placed.rows
    frame.height = view.height - frame.above - BOTTOM
    padding = {"left": LEFT, "right": right, "top": frame.above, "bottom": BOTTOM}
    spec = base(frame.width, frame.height, view.title, padding)
    rows = points.with_columns(
        pl.col("week").dt.strftime("%Y-%m-%d"),
        pl.col("entity_id").replace_strict(colours, default="c6").alias("colour"),
    ).to_dicts()
    spec["layer"] = [
        *heads.layers(placed, frame),
        *lines.band(rows, view),
        *axes(view, frame),
        *lines.lines(rows, colours, view, is_long=lines.is_long(points)),
        *lines.open_week(rows, colours),
        *lines.alone_weeks(rows),
        *marks.peaks(points, view, frame, colours, placed.uprights),
        *marks.end_labels(ends, frame, colours, view.focus),
        lines.links(rows),
    ]
    return spec
