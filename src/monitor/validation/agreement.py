"""The arithmetic: agreement of coders, and shares with their intervals."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `total` with their 95 % interval; `weighted` is the share in the whole archive, with its own."""

    hits: int
    total: int
    low: float
    high: float
    weighted: float
    weighted_low: float
    weighted_high: float

    @property
    def value(self) -> float:
        """The share in the sample; NaN of nothing."""
        return self.hits / self.total if self.total else math.nan


def alpha(units: Iterable[Sequence[Hashable | None]]) -> float | None:
    """Krippendorff's alpha for nominal data; None where it is not defined: nothing is paired, or nothing varies.

    A unit has one value a coder, None where a coder gave none. Krippendorff, "Computing Krippendorff's
    Alpha-Reliability", University of Pennsylvania, 2011 (section C: any number of observers, missing data).
    """
    counts = [Counter(value for value in unit if value is not None) for unit in units]
    paired = [count for count in counts if count.total() > 1]
    totals: Counter[Hashable] = sum(paired, Counter())
    size = totals.total()
    observed = sum(_unlike(count) / (count.total() - 1) for count in paired)
    expected = _unlike(totals)
    return 1 - (size - 1) * observed / expected if expected else None


def _unlike(count: Counter[Hashable]) -> int:
    """Ordered pairs of unlike values."""
    return sum(n * (count.total() - n) for n in count.values())


def wilson(share: float, size: float, z: float = 1.959964) -> tuple[float, float]:
    """The 95 % interval of a share of `size` cases (Wilson 1927); 0 to 1 of none."""
    if size <= 0:
        return 0.0, 1.0
    middle = share + z * z / (2 * size)
    spread = z * math.sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    scale = 1 + z * z / size
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def share(cases: Sequence[tuple[str, float, bool]]) -> Share:
    """The share of hits among (article, weight, is a hit); one stands for `weight` articles of the archive.

    The weighted interval is Wilson's with the sample's effective size: that of the weights (Kish 1965), or where the
    cases of an article move together the one that gives the ratio's variance between articles (Korn and Graubard 1998).
    """
    hits, total = sum(hit for _, _, hit in cases), len(cases)
    weight = sum(w for _, w, _ in cases)
    weighted = sum(w for _, w, hit in cases if hit) / weight if weight else math.nan
    plain = wilson(hits / total if total else 0.0, total)
    size = _effective(cases, weight, weighted) if weight else 0.0
    return Share(hits, total, *plain, weighted, *wilson(weighted if weight else 0.0, size))


def _effective(cases: Sequence[tuple[str, float, bool]], weight: float, ratio: float) -> float:
    by_weights = weight * weight / sum(w * w for _, w, _ in cases)
    off: defaultdict[str, float] = defaultdict(float)
    for article, w, hit in cases:
        off[article] += w * (hit - ratio)
    variance = sum(x * x for x in off.values()) / (weight * weight)
    return min(by_weights, ratio * (1 - ratio) / variance) if variance else by_weights
