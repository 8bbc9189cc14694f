"""The world by articles: outlines projected at build time, and dots for countries too small to see."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
from dashboards.charts.classes import Classes
from dashboards.charts.style import Spec, base, css

GEOMETRY = Path(__file__).parents[1] / "geometry" / "world.json"


@cache
def geometry() -> dict[str, Any]:
    """The committed drawing: size, outlines and dots by alpha-3 code."""
    document: dict[str, Any] = json.loads(GEOMETRY.read_text("utf-8"))
    return document


def world(countries: pl.DataFrame, title: str) -> Spec:
    """`countries` has iso3, name, articles, href and label; land that it does not name is drawn as none."""
    drawn = geometry()
    rows = {row["iso3"]: row for row in countries.to_dicts()}
    classes = Classes.of(countries["articles"].to_list())
    spec = base(drawn["width"], drawn["height"], title, {"left": 4, "right": 4, "top": 4, "bottom": 4})
    shapes = [_shape(rings, rows.get(code), classes) for code, rings in drawn["shapes"].items()]
    named = sorted(drawn["dots"].items(), key=lambda dot: rows.get(dot[0], {}).get("articles", 0))
    dots = [_dot(place, rows[code], classes) for code, place in named if code in rows]
    look = {"stroke": css("card"), "strokeWidth": 0.5}
    colour = {"field": "properties.colour", "type": "nominal", "scale": None, "legend": None}
    links = {"href": {"field": "properties.href"}, "description": {"field": "properties.label"}}
    known = [s for s in shapes if s["properties"]["href"]]
    spec["projection"] = {"type": "identity", "scale": 1, "translate": [0, 0]}
    spec["layer"] = [
        {
            "data": {"values": [s for s in shapes if not s["properties"]["href"]]},
            "mark": {"type": "geoshape", **look, "aria": False}, "encoding": {"color": colour},
        },
        {
            "name": "countries", "data": {"name": "countries", "values": known},
            "mark": {"type": "geoshape", **look}, "encoding": {"color": colour, **links},
        },
        {
            "name": "dots", "data": {"name": "dots", "values": dots},
            "mark": {"type": "square", "opacity": 1, "strokeWidth": 0.7},
            "encoding": {
                "x": {"field": "x", "type": "quantitative", "scale": None, "axis": None},
                "y": {"field": "y", "type": "quantitative", "scale": None, "axis": None},
                "fill": {"field": "colour", "type": "nominal", "scale": None, "legend": None},
                "stroke": {"field": "edge", "type": "nominal", "scale": None, "legend": None},
                "size": {"field": "size", "type": "quantitative", "scale": None, "legend": None},
                "href": {"field": "href"}, "description": {"field": "label"},
            },
        },
    ]  # fmt: skip
    return spec


def _shape(rings: list[Any], row: dict[str, Any] | None, classes: Classes) -> dict[str, Any]:
    properties = {
        "colour": css(classes.shade(row["articles"] if row else 0)),
        "href": row["href"] if row else "",
        "label": row["label"] if row else "",
    }
    geometry = {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _dot(place: list[int], row: dict[str, Any], classes: Classes) -> dict[str, Any]:
    colour = css(classes.shade(row["articles"]))
    look = {"edge": css("axis"), "size": 40} if row["articles"] else {"edge": css("card"), "size": 22}
    return {"x": place[0], "y": place[1], "colour": colour, "href": row["href"], "label": row["label"], **look}
