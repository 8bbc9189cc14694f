"""Intervals, changes, movers and spikes on simulated archives: how often they are right.

Articles of one source and week move together, sources have habits of their own, and rates may vary from week to week.
Spikes are judged on histories made of blocks of eight weeks drawn from a simulated one.
"""

import argparse
import json
import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import polars as pl  # noqa: E402
from tests.sql.simulated import Press, bootstrapped, made, mart_tables, plant, simulate  # noqa: E402
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


def outbreaks(seeds):
    for kind, (restless, lasting) in RESTLESS.items():
        for together in (0.0, 0.02, 0.05):
            press = Press(100, 104, 25, together, restless, lasting, RATES)
            alarms = judged = found = planted = 0
            for seed in range(seeds):
                rng = random.Random(1000 + seed)
                history = simulate(rng, press)
                alarms += len(spikes(bootstrapped(rng, history, press.weeks)))
                judged += press.entities * (press.weeks - 27)
                with_spikes, wanted = plant(rng, bootstrapped(rng, history, press.weeks), together)
                found, planted = found + len(spikes(with_spikes) & wanted), planted + len(wanted)
            name = f"{kind}, correlation {together:g}"
            say(
                f"alarms in 1,000 entity-weeks, {name}", 1000 * alarms / judged, "", "lower", 1, f"{alarms} of {judged}"
            )
            say(f"planted spikes found, {name}", found / planted, "share", "higher", 0.9, f"{found} of {planted}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    seeds = 1 if parser.parse_args().quick else 10
    intervals(seeds)
    discoveries(4 * seeds)
    outbreaks(seeds)


if __name__ == "__main__":
    main()
