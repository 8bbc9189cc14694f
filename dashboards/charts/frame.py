"""The frame of a trend chart: what is shown, scales in pixels, and both axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

import polars as pl
from dashboards.charts.style import LINES, Spec, css, half_tick_above, iso, tick_values

LEFT, TOP, BOTTOM = 40, 12, 24
SHORT = 13  # weeks up to which Mondays are labelled, and months beyond


@dataclass(frozen=True, slots=True)
class Outage:
    """Weeks (first and last Monday) that were not fully seen; `text` says how many sources failed."""

    since: date
    until: date
    text: str
    missing: int = 0  # articles that feeds announced


@dataclass(frozen=True, slots=True)
class Event:
    """A date that the operator marks, with a link."""

    day: date
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Peak:
    """A point worth a note."""

    entity_id: str
    week: date
    text: str


@dataclass(frozen=True, slots=True)
class View:
    """How to draw: what is focused, in which unit, how large, and what is marked beside the lines."""

    title: str
    focus: str
    share: bool = False
    width: int = 720
    height: int = 300
    outages: Sequence[Outage] = ()
    events: Sequence[Event] = ()
    peaks: Sequence[Peak] = ()
    short_names: bool = False
    notes: int = 3
    until: date | None = None


@dataclass(slots=True)
class Frame:
    """Scales in pixels, so that labels can be placed before anything is drawn."""

    width: float
    height: float
    first: date
    last: date
    top: float
    above: float = TOP

    def x(self, day: date) -> float:
        """Pixels from the left."""
        return self.width * (day - self.first).days / max(1, (self.last - self.first).days)

    def y(self, value: float) -> float:
        """Pixels from the top."""
        return self.height * (1 - value / self.top)


def make_frame(points: pl.DataFrame, view: View, right: float) -> Frame:
    """Scales that hold every point; an empty frame still has an axis."""
    first, last = points["week"].min(), points["week"].max()
    if not isinstance(first, date) or not isinstance(last, date):
        first = last = view.until or date(2000, 1, 3)
    if first == last:  # a week alone stands at the right, beside its label
        first = last - timedelta(weeks=1)
    focused = points.filter(pl.col("entity_id") == view.focus)
    highest = max([v for v in (points["value"].max(), focused["high"].max()) if isinstance(v, float)], default=0.0)
    top = scale_top(highest, is_share=view.share)
    return Frame(view.width - LEFT - right, view.height - TOP - BOTTOM, first, last, top)


def scale_top(highest: float, *, is_share: bool) -> float:
    """The end of the scale: a little above the highest value, on half a tick; a share never goes beyond one."""
    if is_share:
        return min(1.0, half_tick_above(max(highest, 0.005) * 1.06))
    return max(4.0, half_tick_above(highest * 1.06))


def week_axis(field_name: str = "week") -> Spec:
    """The encoding of a Monday in UTC."""
    return {"field": field_name, "type": "temporal", "scale": {"type": "utc"}}


def axes(view: View, frame: Frame) -> list[Spec]:
    """An invisible mark that carries both axes with their exact domains: zero is always at the bottom."""
    ticks = tick_values(frame.top, whole=not view.share)
    marks, labels = _months(frame)
    y_axis = {"values": ticks, "title": None, "format": ".2~%" if view.share else "~s" if frame.top >= 10_000 else "d"}
    x_axis = {
        "values": [iso(day) for day in marks], "title": None, "grid": False, "labelFlush": True,
        "labelExpr": f"{labels!r}[toString(utcFormat(datum.value, '%Y-%m-%d'))]", "labelOverlap": False,
    }  # fmt: skip
    domain = [iso(frame.first), iso(max(frame.last, frame.first + timedelta(days=1)))]
    return [
        {
            "data": {"values": [{"week": day, "value": 0} for day in domain]},
            "mark": {"type": "rule", "color": css("axis"), "strokeWidth": 1, "aria": False},
            "encoding": {
                "x": {
                    "field": "week", "type": "temporal", "axis": x_axis,
                    "scale": {"type": "utc", "domain": domain, "nice": False},
                },
                "x2": {"datum": domain[1], "type": "temporal"},
                "y": {
                    "field": "value", "type": "quantitative", "axis": y_axis,
                    "scale": {"domain": [0, frame.top], "nice": False, "zero": True},
                },
            },
        }
    ]  # fmt: skip


def _mondays(frame: Frame) -> tuple[list[date], dict[str, str]]:
    """Mondays to label, as many as there is room for; the first carries the year."""
    weeks = (frame.last - frame.first).days // 7 + 1
    step = max(1, ceil(weeks * 70 / max(frame.width, 1)))
    marks = [frame.first + timedelta(weeks=k) for k in range(0, weeks, step)]
    return marks, {iso(d): f"{d.day} {d:%b %Y}" if i == 0 else f"{d.day} {d:%b}" for i, d in enumerate(marks)}


def _months(frame: Frame) -> tuple[list[date], dict[str, str]]:
    """First days of months to label: as many as there is room for; January carries the year."""
    if (frame.last - frame.first).days <= SHORT * 7:
        return _mondays(frame)
    months = (frame.last.year - frame.first.year) * 12 + frame.last.month - frame.first.month + 1
    step = next(s for s in (1, 2, 3, 6, 12, 24, 60, 120) if months / s * 56 <= frame.width or s == 120)
    marks: list[date] = []
    year, month = frame.first.year, 1
    while date(year, month, 1) <= frame.last:
        day = date(year, month, 1)
        if day >= frame.first and (year * 12 + month - 1) % step == 0:
            marks.append(day)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    labels = {
        iso(d): f"{d:%b %Y}" if i == 0 or (d.month <= step and d.month == 1) or step >= 12 else f"{d:%b}"
        for i, d in enumerate(marks)
    }
    return marks, labels


def count_axis(field_name: str = "value") -> Spec:
    """The encoding of a value on the common scale."""
    return {"field": field_name, "type": "quantitative"}


def line_colour() -> Spec:
    """The encoding of a line's colour by its place in the order of names."""
    pairs = [(name, css(name)) for name in LINES]
    return {
        "field": "colour", "type": "nominal", "legend": None,
        "scale": {"domain": [p[0] for p in pairs], "range": [p[1] for p in pairs]},
    }  # fmt: skip


def pixels(field_name: str) -> Spec:
    """The encoding of a place that was worked out in pixels."""
    return {"field": field_name, "type": "quantitative", "scale": None, "axis": None}
