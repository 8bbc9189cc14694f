"""Who is named with whom: a triangle of counts, large enough to read, each cell a link."""

from __future__ import annotations

from typing import Any

import polars as pl
from dashboards.charts.classes import Classes
from dashboards.charts.style import Spec, base, css, text_width

CELL_WIDTH, CELL_HEIGHT = 52, 30


def matrix(pairs: pl.DataFrame, names: pl.DataFrame, title: str) -> Spec:
    """`names` (entity_id, name, short) in their order; `pairs` (entity_a, entity_b, articles, href, label).

    Pairs of other names are not drawn but count for the classes, so that a smaller matrix has the same shades.
    """
    order = names["entity_id"].to_list()
    place = {entity_id: i for i, entity_id in enumerate(order)}
    classes = Classes.of(pairs["articles"].to_list())
    drawn = pairs.filter(pl.col("entity_a").is_in(order) & pl.col("entity_b").is_in(order))
    cells = [_cell(row, place, classes) for row in drawn.to_dicts()]
    left = 14 + max((text_width(n, 12.5) for n in names["name"]), default=40)
    width, height = CELL_WIDTH * max(1, len(order) - 1), CELL_HEIGHT * max(1, len(order) - 1)
    spec = base(width, height, title, {"left": left, "right": 10, "top": 10, "bottom": 26})
    spec["layer"] = [
        {
            "name": "cells", "data": {"name": "cells", "values": cells},
            "mark": {"type": "rect", "cornerRadius": 3},
            "encoding": {
                "x": _pixels("x"), "x2": {"field": "x2"}, "y": _pixels("y"), "y2": {"field": "y2"},
                "color": {"field": "colour", "type": "nominal", "scale": None, "legend": None},
                "href": {"field": "href"}, "description": {"field": "label"},
            },
        },
        _text(cells, "mid_x", "mid_y", "count", {"color": {"field": "ink", "type": "nominal", "scale": None}}, {}),
        _text(_row_names(names), "x", "y", "text", {}, {"align": "right", "fontSize": 12.5}),
        _text(_column_names(names, height), "x", "y", "text", {}, {"color": css("muted")}),
    ]  # fmt: skip
    return spec


def _cell(row: dict[str, Any], place: dict[str, int], classes: Classes) -> dict[str, Any]:
    column, line = sorted((place[row["entity_a"]], place[row["entity_b"]]))
    shade = classes.shade(row["articles"])
    x, y = column * CELL_WIDTH, (line - 1) * CELL_HEIGHT
    return {
        "x": x + 1, "x2": x + CELL_WIDTH - 1, "y": y + 1, "y2": y + CELL_HEIGHT - 1, "mid_x": x + CELL_WIDTH / 2,
        "mid_y": y + CELL_HEIGHT / 2, "count": f"{row['articles']:,}", "colour": css(shade),
        "ink": css("on2" if shade in ("m4", "m5") else "on1"), "href": row["href"], "label": row["label"],
    }  # fmt: skip


def _row_names(names: pl.DataFrame) -> list[dict[str, Any]]:
    return [
        {"x": -8, "y": i * CELL_HEIGHT + CELL_HEIGHT / 2, "text": text}
        for i, text in enumerate(names["name"].to_list()[1:])
    ]


def _column_names(names: pl.DataFrame, height: float) -> list[dict[str, Any]]:
    return [
        {"x": i * CELL_WIDTH + CELL_WIDTH / 2, "y": height + 14, "text": text}
        for i, text in enumerate(names["short"].to_list()[:-1])
    ]


def _pixels(name: str) -> Spec:
    return {"field": name, "type": "quantitative", "scale": None, "axis": None}


def _text(rows: list[dict[str, Any]], x: str, y: str, text: str, encoding: Spec, mark: Spec) -> Spec:
    return {
        "data": {"values": rows},
        "mark": {"type": "text", "baseline": "middle", "fontSize": 12, "aria": False, **mark},
        "encoding": {"x": _pixels(x), "y": _pixels(y), "text": {"field": text}, **encoding},
    }
