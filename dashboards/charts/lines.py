"""The lines of a trend chart: weekly values and their means, the interval, the open week, lone weeks and links."""

from __future__ import annotations

from typing import Any

import polars as pl
from dashboards.charts.frame import View, count_axis, line_colour, week_axis
from dashboards.charts.style import Spec, css

LONG = 60  # weeks beyond which the weekly line is thin and the four-week mean is thick


def is_long(points: pl.DataFrame) -> bool:
    """Whether there are so many weeks that the four-week mean is drawn over them."""
    return points["week"].n_unique() > LONG


def band(rows: list[dict[str, Any]], view: View) -> list[Spec]:
    """The 95 % interval of the focused line alone; it breaks where the line does and ends before the open week."""
    band = [
        {"week": r["week"], "low": None if r["is_open"] else r["low"], "high": None if r["is_open"] else r["high"]}
        for r in rows
        if r["entity_id"] == view.focus
    ]
    if all(row["low"] is None for row in band):
        return []
    return [
        {
            "data": {"name": "band", "values": band},
            "mark": {"type": "area", "color": css("band"), "opacity": 0.85, "aria": False},
            "encoding": {"x": week_axis(), "y": count_axis("high"), "y2": {"field": "low"}},
        }
    ]


def lines(rows: list[dict[str, Any]], colours: dict[str, str], view: View, *, is_long: bool) -> list[Spec]:
    """One layer a name and kind of line: weekly, and beyond sixty weeks its mean of four; a None breaks the line."""
    layers: list[Spec] = []
    order = sorted(colours, key=lambda entity_id: entity_id == view.focus)
    for entity_id in order:
        mine = [r for r in rows if r["entity_id"] == entity_id]
        weekly = [{"week": r["week"], "value": None if r["is_open"] else r["value"]} for r in mine]
        width = 2.4 if entity_id == view.focus else 1.7
        colour = css(colours[entity_id])
        if is_long:
            layers.append(_line(f"weekly-{entity_id}", weekly, colour, 0.8, 0.45))
            weekly = [{"week": r["week"], "value": None if r["is_open"] else r["mean"]} for r in mine]
        layers.append(_line(f"line-{entity_id}", weekly, colour, width, 1.0))
    return layers


def _line(name: str, rows: list[dict[str, Any]], colour: str, width: float, opacity: float) -> Spec:
    mark = {"type": "line", "color": colour, "strokeWidth": width, "opacity": opacity, "aria": False}
    encoding = {"x": week_axis(), "y": count_axis()}
    return {
        "data": {"name": name, "values": rows},
        "mark": mark | {"strokeJoin": "round", "invalid": "break-paths-show-path-domains"},
        "encoding": encoding,
    }


def open_week(rows: list[dict[str, Any]], colours: dict[str, str]) -> list[Spec]:
    """The week to date: a dashed way from the last whole week to a hollow point."""
    layers: list[Spec] = []
    hollow: list[dict[str, Any]] = []
    for entity_id, colour in colours.items():
        mine = [r for r in rows if r["entity_id"] == entity_id]
        if not mine or not mine[-1]["is_open"] or mine[-1]["value"] is None:
            continue
        hollow.append(mine[-1])
        if len(mine) > 1 and mine[-2]["value"] is not None:
            way = [{"week": r["week"], "value": r["value"]} for r in mine[-2:]]
            line = _line(f"open-{entity_id}", way, css(colour), 1.4, 1.0)
            line["mark"]["strokeDash"] = [3, 3]
            layers.append(line)
    if hollow:
        mark = {"type": "point", "filled": True, "size": 44, "strokeWidth": 1.8, "fill": css("card"), "aria": False}
        encoding = {"x": week_axis(), "y": count_axis(), "stroke": line_colour()}
        layers.append({"data": {"name": "hollow", "values": hollow}, "mark": mark, "encoding": encoding})
    return layers


def alone_weeks(rows: list[dict[str, Any]]) -> list[Spec]:
    """Whole weeks between two gaps: no line reaches them, so each is drawn as a dot."""
    alone = [
        row
        for before, row, after in zip([None, *rows], rows, [*rows[1:], None], strict=False)
        if row["value"] is not None and not row["is_open"] and not _joins(row, before) and not _joins(row, after)
    ]
    if not alone:
        return []
    mark = {"type": "point", "filled": True, "size": 26, "opacity": 1, "aria": False}
    encoding = {"x": week_axis(), "y": count_axis(), "color": line_colour()}
    return [{"data": {"name": "alone", "values": alone}, "mark": mark, "encoding": encoding}]


def _joins(row: dict[str, Any], other: dict[str, Any] | None) -> bool:
    same = other is not None and other["entity_id"] == row["entity_id"]
    return bool(same and other and other["value"] is not None and not other["is_open"])


def links(rows: list[dict[str, Any]]) -> Spec:
    """A place to point at for each known value: it leads to its sentences and shows under the pointer."""
    known = [r for r in rows if r["value"] is not None]
    mark = {"type": "point", "filled": True, "size": 120, "opacity": 0}
    encoding = {
        "x": week_axis(), "y": count_axis(), "color": line_colour(),
        "href": {"field": "href"}, "description": {"field": "label"},
    }  # fmt: skip
    return {"name": "links", "data": {"name": "links", "values": known}, "mark": mark, "encoding": encoding}
