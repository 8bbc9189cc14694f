"""Where labels go: at line ends without touching each other, and beside peaks without crossing lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.charts.style import text_width

Box = tuple[float, float, float, float]


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions at least `gap` apart and as near to those wanted as least squares allows, within the bounds.

    With the gaps taken off this is isotonic regression (pool adjacent violators).
    """
    if not wanted:
        return []
    gap = min(gap, (high - low) / max(1, len(wanted) - 1))
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    pools: list[tuple[float, int]] = []
    for rank, index in enumerate(order):
        total, members = wanted[index] - rank * gap, 1
        while pools and pools[-1][0] / pools[-1][1] > total / members:
            total, members = total + pools[-1][0], members + pools.pop()[1]
        pools.append((total, members))
    even = [total / members for total, members in pools for _ in range(members)]
    last = high - (len(wanted) - 1) * gap
    result = [0.0] * len(wanted)
    for rank, index in enumerate(order):
        result[index] = min(max(even[rank], low), last) + rank * gap
    return result


@dataclass(frozen=True, slots=True)
class Note:
    """A text wanted beside a point of the drawing."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a note's text stands: `align` is left, right or center; y is the middle of the line."""

    note: Note
    x: float
    y: float
    align: str


def place(
    notes: Sequence[Note],
    lines: Sequence[tuple[float, float]],
    width: float,
    limit: int,
    uprights: Sequence[float] = (),
) -> list[Placed]:
    """The first notes that find a clear place, best place first; one that finds none is left out.

    Upright edges and rules are crossed only where there is no other place.
    """
    taken: list[Box] = []
    result: list[Placed] = []
    for note in notes:
        if len(result) == limit:
            break
        clear = [c for c in _candidates(note) if _is_clear(_box(c), taken, lines, width)]
        if clear:
            best = min(clear, key=lambda c: sum(_box(c)[0] - 2 < x < _box(c)[2] + 2 for x in uprights))
            taken.append(_box(best))
            result.append(best)
    return result


def _is_clear(box: Box, taken: Sequence[Box], lines: Sequence[tuple[float, float]], width: float) -> bool:
    inside = box[0] >= 0 and box[2] <= width and box[1] >= -6
    return inside and not any(_touch(box, other) for other in taken) and not _crossed(box, lines)


def _candidates(note: Note) -> list[Placed]:
    return [
        Placed(note, note.x + 9, note.y - 2, "left"),
        Placed(note, note.x - 9, note.y - 2, "right"),
        Placed(note, note.x, note.y - 15, "center"),
        Placed(note, note.x + 9, note.y - 16, "left"),
        Placed(note, note.x - 9, note.y - 16, "right"),
    ]


def _box(placed: Placed) -> Box:
    wide = text_width(placed.note.text)
    left = placed.x - {"left": 0.0, "right": wide, "center": wide / 2}[placed.align]
    return left, placed.y - 8, left + wide, placed.y + 8


def _touch(a: Box, b: Box) -> bool:
    return a[0] < b[2] + 6 and b[0] < a[2] + 6 and a[1] < b[3] and b[1] < a[3]


def _crossed(box: Box, lines: Sequence[tuple[float, float]]) -> bool:
    """Whether a drawn point lies in the box; the lines come as points close enough together to judge by."""
    return any(box[0] - 1 <= x <= box[2] + 1 and box[1] <= y <= box[3] for x, y in lines)
