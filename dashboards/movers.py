"""Which names changed beyond noise, ranked so that one in ten of them may be wrong and not more."""

from __future__ import annotations

from math import erfc, sqrt
from typing import Any

RATE = 0.10  # false discovery rate (Benjamini and Hochberg 1995)
LEAST_STORIES = 5


def movers(ranking: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows whose change on the eight weeks before stands out, largest first; few stories are never called a change.

    The p-value is the normal tail of the change against the half-width of its 95 % interval on the side of zero.
    """
    judged = [
        (p_value(row), row)
        for row in ranking
        if row["change8"] is not None and max(row["stories"] or 0, row["usual_articles"] or 0) >= LEAST_STORIES
    ]
    judged.sort(key=lambda pair: pair[0])
    kept = 0
    for rank, (p, _) in enumerate(judged, 1):
        if p <= RATE * rank / len(judged):
            kept = rank
    return sorted((row for _, row in judged[:kept]), key=lambda r: -abs(r["change8"]))


def p_value(row: dict[str, Any]) -> float:
    """Two-sided p of a change, from its interval."""
    change = row["change8"]
    half = change - row["change8_low"] if change > 0 else row["change8_high"] - change
    return erfc(abs(change) / max(half / 1.959964, 1e-12) / sqrt(2)) if half > 0 else float(change == 0)
