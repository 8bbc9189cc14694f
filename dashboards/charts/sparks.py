"""Sparklines: too small and too many for a drawing of their own, so they are two attributes of an SVG path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spark:
    """What a template draws: a path with gaps, and the last known point."""

    path: str
    x: float
    y: float
    width: int
    height: int
    has_end: bool


def sparkline(values: Sequence[float | None], width: int = 96, height: int = 22, top: float | None = None) -> Spark:
    """A line from a zero baseline; an unobserved week breaks it, a lone week is a dot of its own."""
    known = [v for v in values if v is not None]
    scale = (height - 4) / max(top or max(known, default=0), 1e-9)
    step = (width - 6) / max(1, len(values) - 1)
    pieces: list[str] = []
    end: tuple[float, float] | None = None
    previous_known = False
    for index, value in enumerate(values):
        if value is None:
            previous_known = False
            continue
        end = (round(2 + index * step, 1), round(height - 2 - value * scale, 1))
        alone = not previous_known and (index + 1 == len(values) or values[index + 1] is None)
        pieces.append(f"{'L' if previous_known else 'M'}{end[0]:g},{end[1]:g}{'h.1' if alone else ''}")
        previous_known = True
    x, y = end or (0.0, 0.0)
    return Spark("".join(pieces), x, y, width, height, end is not None)
