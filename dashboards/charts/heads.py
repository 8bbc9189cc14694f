"""What stands above a trend chart: outages with how many sources failed, and the operator's dates, in rows.

No text touches another, and no rule runs through one: the rules of dates reach up to their own text alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from dashboards.charts.frame import Frame, Outage, View, pixels
from dashboards.charts.style import Spec, css, text_width

ROWS, ROW, SIZE, GAP = 3, 15, 12, 8  # rows of text at most, their height, the text's size, pixels between two texts


@dataclass(slots=True)
class Head:
    """A text wanted above the plot: where it stands, and in which row it found room (none: it is left out)."""

    text: str
    x: float
    align: str
    left: float
    right: float
    has_rule: bool = False
    row: int | None = None

    def bars(self, other: Head, row: int) -> bool:
        """Whether this text, which has its row, leaves no room for another in a row."""
        if self.row is None:
            return False
        if self.row == row:
            return self.left - GAP < other.right and other.left < self.right + GAP
        low, high = (self, other) if self.row < row else (other, self)
        return high.has_rule and low.left - 2 < high.x < low.right + 2


@dataclass(frozen=True, slots=True)
class Heads:
    """Outages and events with their texts placed."""

    shades: tuple[tuple[float, float, Head], ...]
    rules: tuple[Head, ...]

    @property
    def uprights(self) -> list[float]:
        """Where an edge or a rule stands upright in the plot."""
        return [*(edge for left, right, _ in self.shades for edge in (left, right)), *(head.x for head in self.rules)]

    @property
    def rows(self) -> int:
        """How many rows of text there are."""
        placed = [head.row for head in (*(s[2] for s in self.shades), *self.rules) if head.row is not None]
        return max(placed, default=-1) + 1


def heads(view: View, frame: Frame) -> Heads:
    """All outages and events of the shown weeks; each text goes into the lowest row that has room for it.

    Dates from the last to the first: the text of an earlier one then stands above that of a later one, off its rule.
    """
    shades = [shade for outage in sorted(view.outages, key=lambda o: o.since) if (shade := _shade(outage, frame))]
    rules = [
        _beside(event.text, frame.x(event.day), frame.width)
        for event in sorted(view.events, key=lambda e: e.day)
        if 0 <= frame.x(event.day) <= frame.width
    ]
    placed: list[Head] = []
    for head in [*reversed(rules), *(shade[2] for shade in shades)]:
        head.row = next((row for row in range(ROWS) if not any(other.bars(head, row) for other in placed)), None)
        placed.append(head)
    return Heads(tuple(shades), tuple(rules))


def _shade(outage: Outage, frame: Frame) -> tuple[float, float, Head] | None:
    left = max(0.0, frame.x(outage.since - timedelta(days=4)))
    right = min(frame.width, frame.x(outage.until + timedelta(days=3)))
    if right <= 0 or left >= frame.width:
        return None
    half = text_width(outage.text, SIZE) / 2
    middle = min(max((left + right) / 2, half), frame.width - half)
    return left, max(right, left + 2), Head(outage.text, middle, "center", middle - half, middle + half)


def _beside(text: str, x: float, width: float) -> Head:
    wide = text_width(text, SIZE) + 4
    if x + wide < width + 30 or x < width / 2:
        return Head(text, x, "left", x, x + wide, has_rule=True)
    return Head(text, x, "right", x - wide, x, has_rule=True)


def layers(placed: Heads, frame: Frame) -> list[Spec]:
    """Shaded weeks, dotted rules, and their texts."""
    found: list[Spec] = []
    if placed.shades:
        rows = [{"x": left, "x2": right, "text": head.text} for left, right, head in placed.shades]
        found.append(_shading(rows, frame))
    if placed.rules:
        found.append(_rules([{"x": head.x, "y": _rule_top(head)} for head in placed.rules], frame))
    texts = [*(head for _, _, head in placed.shades), *placed.rules]
    for align in sorted({head.align for head in texts if head.row is not None}):
        mine = (head for head in texts if head.align == align and head.row is not None)
        found.append(_texts([{"x": head.x, "y": _top(head), "text": head.text} for head in mine], align))
    return found


def _top(head: Head) -> float:
    return -4.0 - ROW * (head.row or 0)


def _rule_top(head: Head) -> float:
    return 0.0 if head.row is None else _top(head) - SIZE


def _shading(rows: list[dict[str, Any]], frame: Frame) -> Spec:
    return {
        "data": {"name": "outages", "values": rows},
        "mark": {"type": "rect", "color": css("shade"), "aria": False},
        "encoding": {"x": pixels("x"), "x2": {"field": "x2"}, "y": {"value": 0}, "y2": {"value": frame.height}},
    }


def _rules(rows: list[dict[str, Any]], frame: Frame) -> Spec:
    return {
        "data": {"name": "events", "values": rows},
        "mark": {"type": "rule", "color": css("axis"), "strokeDash": [2, 3], "aria": False},
        "encoding": {"x": pixels("x"), "y": pixels("y"), "y2": {"value": frame.height}},
    }


def _texts(rows: list[dict[str, Any]], align: str) -> Spec:
    mark = {
        "type": "text", "fontSize": SIZE, "color": css("muted"), "align": align, "baseline": "bottom", "aria": False,
        "dx": {"left": 4, "right": -4, "center": 0}[align],
    }  # fmt: skip
    return {
        "data": {"values": rows},
        "mark": mark,
        "encoding": {"x": pixels("x"), "y": pixels("y"), "text": {"field": "text"}},
    }
