"""What is written on a trend chart: outages, events, peaks, and each name at the end of its line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
from dashboards.charts.frame import Frame, View, pixels
from dashboards.charts.labels import Note, place, spread
from dashboards.charts.style import Spec, css, text_width


def outages(view: View, frame: Frame) -> list[Spec]:
    """Shaded weeks, each with the number of feeds that failed when there is room to say it."""
    rows: list[dict[str, Any]] = []
    free_from = -1e9
    for outage in sorted(view.outages, key=lambda o: o.since):
        left = max(0.0, frame.x(outage.since - timedelta(days=4)))
        right = min(frame.width, frame.x(outage.until + timedelta(days=3)))
        if right <= 0 or left >= frame.width:
            continue
        wide, middle = text_width(outage.text, 11), (left + right) / 2
        middle = min(max(middle, wide / 2), frame.width - wide / 2)
        fits = middle - wide / 2 > free_from
        rows.append({"x": left, "x2": max(right, left + 2), "mid": middle, "text": outage.text if fits else ""})
        free_from = middle + wide / 2 + 8 if fits else free_from
    if not rows:
        return []
    shade = {
        "data": {"name": "outages", "values": rows},
        "mark": {"type": "rect", "color": css("shade"), "aria": False},
        "encoding": {"x": pixels("x"), "x2": {"field": "x2"}, "y": {"value": 0}, "y2": {"value": frame.height}},
    }
    text = {
        "data": {"values": [row for row in rows if row["text"]]},
        "mark": {"type": "text", "fontSize": 11, "color": css("muted"), "baseline": "bottom", "aria": False},
        "encoding": {"x": pixels("mid"), "y": {"value": -4}, "text": {"field": "text"}},
    }
    return [shade, text]


def events(view: View, frame: Frame) -> list[Spec]:
    """A dotted rule at each of the operator's dates, named where there is room."""
    rows: list[dict[str, Any]] = []
    free_from = -1e9
    for event in sorted(view.events, key=lambda e: e.day):
        x = frame.x(event.day)
        if not 0 <= x <= frame.width:
            continue
        wide = text_width(event.text, 11) + 4
        align = "left" if x + wide < frame.width else "right"
        start = x if align == "left" else x - wide
        fits = start > free_from
        rows.append({"x": x, "text": event.text if fits else "", "align": align})
        free_from = start + wide + 8 if fits else free_from
    if not rows:
        return []
    rule = {
        "data": {"values": rows},
        "mark": {"type": "rule", "color": css("axis"), "strokeDash": [2, 3], "aria": False},
        "encoding": {"x": pixels("x"), "y": {"value": -4}, "y2": {"value": frame.height}},
    }
    texts = [_event_text([r for r in rows if r["text"] and r["align"] == align], align) for align in ("left", "right")]
    return [rule, *(text for text in texts if text["data"]["values"])]


def _event_text(rows: list[dict[str, Any]], align: str) -> Spec:
    mark = {
        "type": "text", "fontSize": 11, "color": css("muted"), "align": align, "baseline": "top",
        "dx": 4 if align == "left" else -4, "aria": False,
    }  # fmt: skip
    return {
        "data": {"values": rows},
        "mark": mark,
        "encoding": {"x": pixels("x"), "y": {"value": 2}, "text": {"field": "text"}},
    }


def peaks(points: pl.DataFrame, view: View, frame: Frame, colours: dict[str, str]) -> list[Spec]:
    """Ringed points with their value and date, where a text finds a clear place; else the ring alone."""
    values = {(r["entity_id"], r["week"]): r for r in points.to_dicts() if r["value"] is not None}
    found = [(p, values[p.entity_id, p.week]) for p in view.peaks if (p.entity_id, p.week) in values]
    if not found:
        return []
    notes = [Note(frame.x(p.week), frame.y(row["value"]), p.text) for p, row in found]
    rings = [{"x": n.x, "y": n.y, "colour": css(colours[p.entity_id])} for n, (p, _) in zip(notes, found, strict=True)]
    placed = place(notes, dense_lines(points, frame), frame.width, view.notes)
    colour_of = {note: ring["colour"] for note, ring in zip(notes, rings, strict=True)}
    layers: list[Spec] = [_ring(ring) for ring in rings]
    for text in placed:
        mark = {"type": "text", "align": text.align, "baseline": "middle", "fontSize": 12, "aria": False}
        where = {"x": pixels("x"), "y": pixels("y"), "text": {"field": "text"}}
        data = {"values": [{"x": text.x, "y": text.y, "text": text.note.text}]}
        halo = {"stroke": css("card"), "strokeWidth": 3.5, "color": css("card")}
        layers.append({"data": data, "mark": mark | halo, "encoding": where})
        layers.append({"data": data, "mark": mark | {"color": colour_of[text.note]}, "encoding": where})
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
            shown = f"{value:.1%}" if view.share else f"{value:,.0f}"
            text = f"{short if view.short_names else name} {shown}"
            ends.append({"entity_id": entity_id, "value": value, "text": text})
    return ends


def end_labels(ends: list[dict[str, Any]], frame: Frame, colours: dict[str, str], focus: str) -> list[Spec]:
    """Names at the right edge, as high as their last whole week; one that was moved has a thin way back."""
    wanted = [frame.y(end["value"]) for end in ends]
    layers: list[Spec] = []
    for end, line_y, y in zip(ends, wanted, spread(wanted, 16, 4, frame.height - 2), strict=True):
        colour = css(colours[end["entity_id"]])
        row = {"x": frame.width + 6, "y": line_y, "x2": frame.width + 14, "y2": y, "text": end["text"]}
        way = {"x": pixels("x"), "y": pixels("y"), "x2": {"field": "x2"}, "y2": {"field": "y2"}}
        rule = {"type": "rule", "color": colour, "strokeWidth": 0.8, "opacity": 0.7, "aria": False}
        weight = "bold" if end["entity_id"] == focus else "normal"
        text = {"type": "text", "align": "left", "baseline": "middle", "color": colour, "fontWeight": weight}
        where = {"x": pixels("x2"), "y": pixels("y2"), "text": {"field": "text"}}
        if abs(line_y - y) > 4:
            layers.append({"data": {"values": [row]}, "mark": rule, "encoding": way})
        layers.append({"data": {"values": [row]}, "mark": text | {"dx": 3, "aria": False}, "encoding": where})
    return layers
