"""Colours and the shared parts of every chart. A colour is a CSS variable in a page and a hex value in a picture."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from math import ceil, floor, log10
from typing import Any

Spec = dict[str, Any]

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
FONT = "sans-serif"
# Six lines at most; a test holds them apart as people with each kind of colour blindness see them.
LIGHT: Mapping[str, str] = {
    "c1": "#2d3bb4", "c2": "#8a3007", "c3": "#2a8374", "c4": "#644070", "c5": "#97670c", "c6": "#262f38",
    "band": "#d3dbf4", "shade": "#e4e3de", "grid": "#e8e6e1", "axis": "#6a6a66", "ink": "#16191d", "muted": "#5b5f63",
    "card": "#ffffff", "m0": "#ecebe6", "m1": "#d3e3f1", "m2": "#a3c6e2", "m3": "#6aa2cd", "m4": "#2f77ad",
    "m5": "#0b4a80", "on1": "#16191d", "on2": "#ffffff", "warn": "#a14400", "good": "#1d7a3c",
}  # fmt: skip
DARK: Mapping[str, str] = {
    "c1": "#6f87fe", "c2": "#f16c2c", "c3": "#87cca8", "c4": "#b77da5", "c5": "#ffd340", "c6": "#d5ecf5",
    "band": "#26346a", "shade": "#32363b", "grid": "#2b2f34", "axis": "#9a9fa5", "ink": "#f0f1f3", "muted": "#a5abb2",
    "card": "#1b1e22", "m0": "#2a2d31", "m1": "#1d3850", "m2": "#235178", "m3": "#3576a8", "m4": "#68a7d8",
    "m5": "#b9dcf7", "on1": "#ffffff", "on2": "#0d1b28", "warn": "#ffac66", "good": "#58d184",
}  # fmt: skip
LINES = ("c1", "c2", "c3", "c4", "c5", "c6")
_VARIABLE = re.compile(r"var\(--(\w+)\)")


def css(name: str) -> str:
    """A colour by its name, as the page's style sheet defines it."""
    return f"var(--{name})"


def with_colours(spec: Any, colours: Mapping[str, str]) -> Any:  # noqa: ANN401  # JSON in, JSON out
    """The same specification with hex values, for PNG, e-mail and notebooks, where no style sheet is."""
    if isinstance(spec, dict):
        return {key: with_colours(value, colours) for key, value in spec.items()}
    if isinstance(spec, list):
        return [with_colours(value, colours) for value in spec]
    if isinstance(spec, str):
        return _VARIABLE.sub(lambda m: colours[m[1]], spec)
    return spec


def base(width: float, height: float, title: str, padding: Mapping[str, float]) -> Spec:
    """A specification without layers: sizes are exact, so that labels can be placed in pixels."""
    return {
        "$schema": SCHEMA,
        "description": title,
        "width": width,
        "height": height,
        "padding": dict(padding),
        "autosize": {"type": "none"},
        "background": "transparent",
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": {
                "labelFontSize": 12, "labelColor": css("muted"), "titleColor": css("muted"), "domain": False,
                "ticks": False, "gridColor": css("grid"), "labelPadding": 6, "titleFontWeight": "normal",
            },
            "text": {"fontSize": 12, "color": css("ink")},
        },
    }  # fmt: skip


def tick_step(top: float, *, whole: bool = False) -> float:
    """A round step that makes three to six ticks up to `top`."""
    if top <= 0:
        return 1.0
    power = 10.0 ** floor(log10(top / 5))
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power >= top / 5 * 0.999999)
    return max(1.0, float(ceil(step))) if whole else step


def half_tick_above(value: float) -> float:
    """The next multiple of half a step."""
    half = tick_step(value) / 2
    return round(ceil(value / half - 1e-9) * half, 10) or 1.0


def tick_values(top: float, *, whole: bool) -> list[float]:
    """Even ticks from zero; whole numbers for counts."""
    step = tick_step(top, whole=whole)
    return [round(i * step, 10) for i in range(int(top / step + 1e-9) + 1)]


def iso(day: date) -> str:
    """A date as Vega reads it in UTC."""
    return day.isoformat()


def text_width(text: str, size: float = 12) -> float:
    """About how wide a text is drawn, in pixels."""
    narrow = sum(c in "il.,:;|'!jtfrI ·" for c in text)
    wide = sum(c in "mwMW@%" for c in text)
    square = sum(
        c >= "\u0e00" for c in text
    )  # Thai, Khmer, Chinese: about as wide as high, or a box where no font has it
    return size * (0.62 * len(text) - 0.25 * narrow + 0.28 * wide + 0.38 * square)


def shortened(text: str, room: float, size: float = 12) -> str:
    """A text cut so that it fits, with an ellipsis."""
    if text_width(text, size) <= room:
        return text
    fits = [n for n in range(1, len(text)) if text_width(text[:n] + "…", size) <= room]
    return text[: max(fits, default=1)].rstrip() + "…"
