"""What a run costs as its archive grows: load, anti-join, refresh, publish, at 10,000 to 1,000,000 articles.

The archive is that of _made_archive.py, the run's batch 500 articles. The slope is the exponent of cost against size:
0 is constant, 1 is in proportion.
"""

import argparse
import json
import math
import shutil
import statistics
import tempfile
import time
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import _made_archive as made

from monitor import marts, publish
from monitor.store import Warehouse

SIZES = (10_000, 100_000, 1_000_000)
BATCH = 500
CONSTANT = 0.15
GROWING = ("publish", "checks of everything, once a day")


def timed(work):
    began = time.process_time()
    work()
    return 1000 * (time.process_time() - began)


def a_run(store, number):
    """Milliseconds of CPU by step."""
    now, run_id = made.NOW + timedelta(minutes=number), f"run {number}"
    batch = replace(made.a_batch(BATCH, run_id), run_id=run_id)
    ids = [a.article_id for a in batch.articles]
    store.start_run(run_id, now)
    taken = {
        "anti-join of a run's links": timed(lambda: store.existing_articles(ids)),
        "load of 500 articles": timed(lambda: store.load(batch)),
    }
    store.finish_run(run_id, now, "completed", {})
    taken["refresh of the marts"] = timed(lambda: marts.refresh(store))
    taken["checks"] = timed(lambda: marts.check(store, changed=True))
    taken["checks of everything, once a day"] = timed(lambda: marts.check(store))
    taken["publish"] = timed(lambda: publish.publish(store, now))
    return taken


def measured(articles, rounds):
    folder = Path(tempfile.mkdtemp(prefix="growth-"))
    try:
        with Warehouse.open(folder, lambda: made.NOW) as store:
            store.sync_gazetteer(made.Made())
            store.sync_feeds(made.feeds())
            made.fill(store.connection, articles)
            marts.build(store)
            runs = [a_run(store, number) for number in range(rounds + 1)][1:]
    finally:
        shutil.rmtree(folder)
    return {step: statistics.median(run[step] for run in runs) for step in runs[0]}


def slope(points):
    """Least squares of log cost on log size."""
    xs, ys = [math.log(x) for x, _ in points], [math.log(max(y, 0.01)) for _, y in points]
    mx, my = statistics.fmean(xs), statistics.fmean(ys)
    return sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True)) / sum((x - mx) ** 2 for x in xs)


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--quick", action="store_true", help="up to 100,000 articles")
    given = ask.parse_args()
    costs = defaultdict(list)
    for size in SIZES[:2] if given.quick else SIZES:
        for step, cost in measured(size, 3 if given.quick else 5).items():
            costs[step].append((size, cost))
    for step, points in costs.items():
        shown = ", ".join(f"{cost:.0f} ms at {size:,}" for size, cost in points)
        limit = None if step in GROWING else CONSTANT
        print(json.dumps({"name": f"{step}, slope", "value": round(slope(points), 3), "unit": "exponent",
                          "better": "lower", "limit": limit, "peer": shown}), flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
