"""Intervals, changes, movers and spikes on simulated archives: how often they are right.

Articles of one source and week move together, sources have habits of their own, and rates may vary from week to week.
Spikes are judged on histories made of blocks of eight weeks drawn from a simulated one. Beside them stands an oracle
that is told what no archive can know: each source's rate, the correlation and how far rates move, though not where they
stand in a week; its threshold is set in hindsight at 1 alarm in 1,000 entity-weeks. About as much can be found at all.
"""

import argparse
import json
import math
import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import polars as pl  # noqa: E402
from tests.sql.simulated import (  # noqa: E402
    Press,
    bootstrapped,
    made,
    mart_tables,
    name,
    plant,
    simulate,
    week,
)
from tests.sql.test_intervals import PRESSES, measured  # noqa: E402

from monitor.trends import movers  # noqa: E402

RATES = (-2.3, -0.7)
RESTLESS = {
    "steady rates": (0.0, 0.0),
    "rates vary by a fifth": (0.2, 0.0),
    "rates vary by a third, lastingly": (0.3, 0.7),
}


def say(name, value, unit, better, limit=None, peer=""):
    figure = {"name": name, "value": value, "unit": unit, "better": better, "limit": limit, "peer": peer}
    print(json.dumps(figure), flush=True)


def intervals(seeds):
    for kind, press in PRESSES.items():
        found = [measured(seed, press) for seed in range(seeds)]
        weeks = sum(f[0] for f in found)
        covered, change, change8 = (sum(f[0] * f[k] for f in found) / weeks for k in (1, 2, 3))
        spread = f"by seed {min(f[1] for f in found):.3f} to {max(f[1] for f in found):.3f}"
        peer = f"{covered:.4f} of {weeks} weeks of names in ten articles or more; {spread}"
        say(f"95 % intervals, {kind}: farthest from 95 %", abs(covered - 0.95), "share", "lower", 0.02, peer)
        say(f"false changes on last week, {kind}", change, "share", "lower", 0.06)
        say(f"false changes on eight weeks, {kind}", change8, "share", "lower", 0.06)


def discoveries(seeds):
    rates, hits = [], 0
    moved = {f"E{e:03d}" for e in range(10)}
    for seed in range(100, 100 + seeds):
        history = simulate(random.Random(seed), Press(80, 41, 20, 0.03), {(e, 40): 2.0 for e in range(10)})
        trends = made(mart_tables(history), "weekly_trends").with_columns(name="entity_id")
        names = set(movers(trends.filter(pl.col("week") == trends["week"].max()))["entity_id"])
        hits += len(names & moved)
        rates.append(len(names - moved) / max(1, len(names)))
    say(
        "false among movers", sum(rates) / len(rates), "share", "lower", 0.10, f"{hits} of {10 * seeds} doublings found"
    )


def spikes(history):
    return {(r["entity_id"], r["week"]) for r in made(mart_tables(history), "spikes").to_dicts()}


def fit(x, n, p, together):
    """Log-likelihood of x of n articles of one source and week, less what does not depend on its rate p."""
    p = min(0.95, max(1e-9, p))
    if not together:
        return x * math.log(p) + (n - x) * math.log(1 - p)
    k = 1 / together - 1
    a, b = p * k, (1 - p) * k
    return math.lgamma(a + x) - math.lgamma(a) + math.lgamma(b + n - x) - math.lgamma(b)


def evidence(press, counts, observed, habits, means):
    """How much likelier four times the means are than the habits with any mood, as a logarithm."""

    def at(rates, factor):
        rows = zip(counts, observed, rates, strict=True)
        return sum(fit(x, n, factor * rate, press.together) for x, n, rate in rows)

    spike = at(means, 4)
    weights = {z / 2: math.exp(-z * z / 8) for z in range(-4, 9)} if press.restless else {0.0: 1.0}
    usual = sum(
        w * math.exp(min(500, at(habits, math.exp(press.restless * z - press.restless**2 / 2)) - spike))
        for z, w in weights.items()
    )
    return -math.log(max(1e-200, usual / sum(weights.values())))


def known(press, habits, history, weeks, means):
    """The oracle's evidence for those of the weeks, (entity, week), with five stories, three sources and a rise."""
    found = []
    for e, w in weeks:
        x, n = history.counts[w][e], history.observed[w]
        usual = sum(p * k for p, k in zip(habits[e], n, strict=True))
        if sum(x) >= max(5, 1.5 * usual) and sum(k > 0 for k in x) >= 3:
            found.append(evidence(press, x, n, habits[e], means[e]))
    return found


def mean_rates(history):
    """By [entity][source], over all weeks."""
    articles = [sum(column) for column in zip(*history.observed, strict=True)]
    return [
        [sum(column) / n for column, n in zip(zip(*rows, strict=True), articles, strict=True)]
        for rows in zip(*history.counts, strict=True)
    ]


def trial(seed, press):
    """Alarms, planted, found, and the oracle's evidence for quiet and planted weeks."""
    rng = random.Random(1000 + seed)
    history = simulate(rng, press)
    quiet, base = bootstrapped(rng, history, press.weeks), bootstrapped(rng, history, press.weeks)
    judged = [(e, w) for e in range(press.entities) for w in range(27, press.weeks)]
    alarms = len(spikes(quiet))
    with_spikes, wanted = plant(rng, base, press.together)
    found = len(spikes(with_spikes) & wanted)
    planted = [(e, w) for e, w in judged if (name(e), week(w)) in wanted]
    oracle = (
        known(press, history.habits, quiet, judged, mean_rates(quiet)),
        known(press, history.habits, with_spikes, planted, mean_rates(base)),
    )
    return alarms, len(wanted), found, *oracle


def outbreaks(seeds):
    for kind, (restless, lasting) in RESTLESS.items():
        for together in (0.0, 0.02, 0.05):
            press = Press(100, 104, 25, together, restless, lasting, RATES)
            trials = [trial(seed, press) for seed in range(seeds)]
            alarms, planted, found = (sum(t[k] for t in trials) for k in range(3))
            judged = seeds * press.entities * (press.weeks - 27)
            quiet = sorted((x for t in trials for x in t[3]), reverse=True)
            threshold = quiet[judged // 1000] if len(quiet) > judged // 1000 else -math.inf
            oracle = sum(x > threshold for t in trials for x in t[4]) / planted
            label = f"{kind}, correlation {together:g}"
            rate = 1000 * alarms / judged
            say(f"alarms in 1,000 entity-weeks, {label}", rate, "", "lower", 1, f"{alarms} of {judged}")
            peer = f"{found} of {planted}; an oracle that knows the rates: {oracle:.3f}"
            say(f"planted spikes found, {label}", found / planted, "share", "higher", 0.9, peer)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    seeds = 1 if parser.parse_args().quick else 10
    intervals(seeds)
    discoveries(4 * seeds)
    outbreaks(seeds)


if __name__ == "__main__":
    main()
