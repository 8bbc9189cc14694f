"""How much of each source's weeks was seen: full, half and empty cells, so that it needs no colour to read."""

from __future__ import annotations

from datetime import date
from math import ceil
from typing import Any

import polars as pl
from dashboards.charts.style import Spec, base, css, shortened, text_width

ROW = 20
PART = {"observed": 1.0, "partial": 0.5, "unobserved": 0.12}
SHADE = {"observed": "m4", "partial": "m4", "unobserved": "warn"}


def coverage(weeks: pl.DataFrame, title: str, width: int = 1180) -> Spec:
    """`weeks` has publisher, week, state, href and label."""
    sources = weeks["publisher"].unique(maintain_order=True).to_list()
    days = sorted(weeks["week"].unique().to_list())
    room = min(218, 0.42 * width)
    names = [shortened(source, room) for source in sources]
    left = 12 + max((text_width(name) for name in names), default=40)
    cell = (width - left - 10) / max(1, len(days))
    height = ROW * max(1, len(sources))
    spec = base(width - left - 10, height, title, {"left": left, "right": 10, "top": 6, "bottom": 24})
    cells = [_cell(row, sources, days, cell) for row in weeks.to_dicts()]
    spec["layer"] = [
        {
            "name": "cells", "data": {"name": "cells", "values": cells}, "mark": {"type": "rect"},
            "encoding": {
                "x": _pixels("x"), "x2": {"field": "x2"}, "y": _pixels("y"), "y2": {"field": "y2"},
                "color": {"field": "colour", "type": "nominal", "scale": None, "legend": None},
                "href": {"field": "href"}, "description": {"field": "label"},
            },
        },
        _text([{"x": -8, "y": i * ROW + ROW / 2, "text": name} for i, name in enumerate(names)], "right", "ink"),
        _text(_dates(days, cell, height), "left", "muted"),
    ]  # fmt: skip
    return spec


def _cell(row: dict[str, Any], sources: list[str], days: list[date], cell: float) -> dict[str, Any]:
    x, bottom = days.index(row["week"]) * cell, (sources.index(row["publisher"]) + 1) * ROW - 3
    return {
        "x": x + 0.5, "x2": x + cell - 1, "y": bottom - (ROW - 5) * PART[row["state"]], "y2": bottom,
        "colour": css(SHADE[row["state"]]), "href": row["href"], "label": row["label"], "state": row["state"],
    }  # fmt: skip


def _dates(days: list[date], cell: float, height: float) -> list[dict[str, Any]]:
    step = max(1, ceil(100 / max(cell, 1)))
    return [
        {"x": i * cell, "y": height + 12, "text": f"{d.day} {d:%b %Y}"}
        for i, d in enumerate(days)
        if i % step == 0 and i * cell + 70 < cell * len(days) + 10
    ]


def _pixels(name: str) -> Spec:
    return {"field": name, "type": "quantitative", "scale": None, "axis": None}


def _text(rows: list[dict[str, Any]], align: str, colour: str) -> Spec:
    mark = {"type": "text", "align": align, "baseline": "middle", "fontSize": 12, "aria": False}
    where = {"x": _pixels("x"), "y": _pixels("y"), "text": {"field": "text"}}
    return {"data": {"values": rows}, "mark": {**mark, "color": css(colour)}, "encoding": where}
