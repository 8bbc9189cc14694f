"""What is worth looking at in a week: movers whose change is more than noise, judged together, and spikes explained."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import polars as pl

LEAST_STORIES = 5
CHANGE_WEEKS, SPIKE_WEEKS = 8, 26  # whole weeks that must lie before the first change and the first spike
LEAST_SEEN = 6  # of the weeks before a change, how many must have been seen
FALSE_DISCOVERIES = 0.10


def change_p_value(share: float, observed: float, before: float, observed_before: float, dispersion: float) -> float:
    """Two-sided p of a share against an earlier one: the binomial likelihood ratio over the dispersion.

    Its tails hold where those of the normal test are twice to three times too light (rare names, articles of one source
    moving together), and a ranked list of many names is decided in the tails.
    """
    pooled = (share * observed + before * observed_before) / (observed + observed_before)
    deviance = 2 * (observed * _divergence(share, pooled) + observed_before * _divergence(before, pooled))
    return math.erfc(math.sqrt(max(0.0, deviance) / (2 * dispersion)))


def _divergence(share: float, pooled: float) -> float:
    """Kullback and Leibler's, of one share from another."""
    found = share * math.log(share / pooled) if share > 0 else 0.0
    return found + ((1 - share) * math.log((1 - share) / (1 - pooled)) if share < 1 else 0.0)


def discoveries(p_values: Sequence[float], rate: float = FALSE_DISCOVERIES) -> list[bool]:
    """Which hypotheses to keep so that at most `rate` of those kept are false (Benjamini and Hochberg 1995)."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    kept = max((k for k, i in enumerate(order, 1) if p_values[i] <= rate * k / len(order)), default=0)
    chosen = set(order[:kept])
    return [i in chosen for i in range(len(p_values))]


def movers(trends: pl.DataFrame, rate: float = FALSE_DISCOVERIES) -> pl.DataFrame:
    """The rows of one week whose change on the eight weeks before survives the false discovery rate, largest first.

    `trends` are rows of weekly_trends. Only entities with at least five stories now, or as many expected from the eight
    weeks before, are compared: the others could not move by more than noise.
    """
    judged = trends.filter(
        pl.col("change8").is_not_null()
        & ((pl.col("stories") >= LEAST_STORIES) | (pl.col("mean8") * pl.col("observed_articles") >= LEAST_STORIES))
    )
    columns = ("share", "observed_articles", "mean8", "mean8_observed", "dispersion")
    p_values = [change_p_value(*row) for row in judged.select(columns).iter_rows()]
    kept = judged.with_columns(pl.Series("p_value", p_values, dtype=pl.Float64)).filter(
        pl.Series(discoveries(p_values, rate), dtype=pl.Boolean)
    )
    return kept.sort(pl.col("change8").abs(), descending=True)


def not_yet(observed_since: date | None, complete_weeks: int) -> str:
    """What an archive of so many whole weeks cannot say yet; empty once it can say all."""
    wanted = {"a change on the eight weeks before": CHANGE_WEEKS, "spikes": SPIKE_WEEKS}
    missing = [
        f"{what} ({weeks + 1 - complete_weeks} to go)" for what, weeks in wanted.items() if complete_weeks <= weeks
    ]
    if observed_since is None or not missing:
        return ""
    return f"observed since {observed_since}, {complete_weeks} whole weeks: too young for {' and '.join(missing)}"


def spike_sentence(row: dict[str, object], week: date) -> str:
    """A spike in one sentence: volume, share, expectation, sources and the largest of them."""
    return (
        f"{row['name']} stood in {row['stories']} stories of {row['sources']} sources in the week of {week}, "
        f"{row['story_share']:.0%} of what they wrote and {row['ratio']:.1f} times the "
        f"{row['expected_stories']:.1f} that its own history explains; "
        f"{row['top_source_stories']} of them are from {row['top_source']}."
    )
