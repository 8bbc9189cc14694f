"""Counts in five classes of equal ratio, for maps and matrices: counts are skewed, and a doubling should show."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

SHADES = ("m1", "m2", "m3", "m4", "m5")


@dataclass(frozen=True, slots=True)
class Classes:
    """Upper bounds of the classes above zero; zero has a shade of its own."""

    bounds: tuple[int, ...]

    @classmethod
    def of(cls, counts: Sequence[int]) -> Classes:
        """Classes between the least and the most of the counts above zero; fewer when these are close."""
        known = [c for c in counts if c > 0]
        if not known:
            return cls(())
        low, high = min(known), max(known)
        steps = (low * (high / low) ** (k / len(SHADES)) for k in range(1, len(SHADES)))
        return cls(tuple(dict.fromkeys([*(round(step) for step in steps), high])))

    def shade(self, count: int) -> str:
        """The colour's name."""
        if count <= 0:
            return "m0"
        place = min(bisect_left(self.bounds, count), len(self.bounds) - 1)
        return SHADES[place + len(SHADES) - len(self.bounds)]

    def legend(self) -> list[tuple[str, str]]:
        """Shades with the counts they stand for."""
        rows = [("m0", "none")]
        low = 1
        for bound in self.bounds:
            rows.append((self.shade(bound), f"{low:,}" if low == bound else f"{low:,}–{bound:,}"))
            low = bound + 1
        return rows
