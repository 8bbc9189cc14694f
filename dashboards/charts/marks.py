"""What is written on a trend chart: peaks, and each name at the end of its line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from dashboards.charts.frame import Frame, View, pixels
from dashboards.charts.labels import Note, place, spread
from dashboards.charts.style import Spec, css
from dashboards.words import percent


def peaks(
    points: pl.DataFrame, view: View, frame: Frame, colours: dict[str, str], uprights: Sequence[float]
) -> list[Spec]:
    """Ringed points with their value and date, where a text finds a clear place; else the ring alone."""
    values = {(r["entity_id"], r["week"]): r for r in points.to_dicts() if r["value"] is not None}
    found = [(p, values[p.entity_id, p.week]) for p in view.peaks if (p.entity_id, p.week) in values]
    if not found:
        return []
    notes = [Note(frame.x(p.week), frame.y(row["value"]), p.text) for p, row in found]
    rings = [{"x": n.x, "y": n.y, "colour": css(colours[p.entity_id])} for n, (p, _) in zip(notes, found, strict=True)]
    placed = place(notes, dense_lines(points, frame), frame.width, view.notes, uprights)
    colour_of = {note: ring["colour"] for note, ring in zip(notes, rings, strict=True)}
    hrefs = {note: row["href"] for note, (_, row) in zip(notes, found, strict=True)}
    layers: list[Spec] = [_ring(ring) for ring in rings]
    for text in placed:
        mark = {"type": "text", "align": text.align, "baseline": "middle", "fontSize": 12, "aria": False}
        where = {"x": pixels("x"), "y": pixels("y"), "text": {"field": "text"}}
        data = {"values": [{"x": text.x, "y": text.y, "text": text.note.text, "href": hrefs[text.note]}]}
        halo = {"stroke": css("card"), "strokeWidth": 3.5, "color": css("card")}
        layers.append({"data": data, "mark": mark | halo, "encoding": where})
        colour = {"color": colour_of[text.note], "aria": True}
        layers.append({"data": data, "mark": mark | colour, "encoding": where | {"href": {"field": "href"}}})
    return layers


def _ring(ring: dict[str, Any]) -> Spec:
    mark = {"type": "point", "filled": False, "size": 70, "strokeWidth": 1.6, "aria": False, "color": ring["colour"]}
    where = {"x": pixels("x"), "y": pixels("y")}
    return {"data": {"values": [ring]}, "mark": mark, "encoding": where}


def dense_lines(points: pl.DataFrame, frame: Frame) -> list[tuple[float, float]]:
    """The drawn lines as points a few pixels apart, to find out what a text would cover."""
    dense: list[tuple[float, float]] = []
    previous: tuple[str, float, float] | None = None
    for row in points.select("entity_id", "week", "value").to_dicts():
        if row["value"] is None:
            previous = None
            continue
        x, y = frame.x(row["week"]), frame.y(row["value"])
        if previous and previous[0] == row["entity_id"]:
            steps = int(max(abs(x - previous[1]), abs(y - previous[2])) / 5) + 1
            (_, px, py) = previous
            dense.extend((px + (x - px) * k / steps, py + (y - py) * k / steps) for k in range(1, steps))
        dense.append((x, y))
        previous = (row["entity_id"], x, y)
    return dense


def line_ends(points: pl.DataFrame, view: View) -> list[dict[str, Any]]:
    """For each name its last whole week that was seen: what its label says and stands beside."""
    ends = []
    for entity_id, name, short in points.select("entity_id", "name", "short").unique(maintain_order=True).rows():
        mine = points.filter((pl.col("entity_id") == entity_id) & pl.col("value").is_not_null()).to_dicts()
        whole = [row for row in mine if not row["is_open"]] or mine
        if whole:
            value = whole[-1]["value"]
            shown = percent(value) if view.share else f"{value:,.0f}"
            called = short if view.short_names else name
            last = mine[-1]["value"]
            ends.append(
                {"entity_id": entity_id, "value": value, "week": whole[-1]["week"], "name": called, "last": last,
                 "text": f"{called} {shown}".strip()}
            )  # fmt: skip
    return ends


FAR = 40  # pixels from the right edge beyond which a label beside the last whole week would seem to be the open one's


def end_labels(ends: list[dict[str, Any]], frame: Frame, colours: dict[str, str], focus: str) -> list[Spec]:
    """Names at the right edge, as high as their last whole week; one that was moved has a thin way back to it."""
    far = [frame.width - frame.x(end["week"]) > FAR for end in ends]
    wanted = [frame.y(end["last"] if is_far else end["value"]) for end, is_far in zip(ends, far, strict=True)]
    layers: list[Spec] = []
    for end, is_far, line_y, y in zip(ends, far, wanted, spread(wanted, 16, 4, frame.height - 2), strict=True):
        colour = css(colours[end["entity_id"]])
        start = frame.width if is_far else frame.x(end["week"])
        text = end["name"] if is_far else end["text"]
        row = {"x": start + 6, "y": line_y, "x2": frame.width + 14, "y2": y, "text": text}
        way = {"x": pixels("x"), "y": pixels("y"), "x2": {"field": "x2"}, "y2": {"field": "y2"}}
        rule = {"type": "rule", "color": colour, "strokeWidth": 0.8, "opacity": 0.5, "aria": False}
        weight = "bold" if end["entity_id"] == focus else "normal"
        label = {"type": "text", "align": "left", "baseline": "middle", "color": colour, "fontWeight": weight}
        where = {"x": pixels("x2"), "y": pixels("y2"), "text": {"field": "text"}}
        if abs(line_y - y) > 4:
            layers.append({"data": {"values": [row]}, "mark": rule, "encoding": way})
        layers.append({"data": {"values": [row]}, "mark": label | {"dx": 3, "aria": False}, "encoding": where})
    return layers
