"""What a second worker gives: the workers alone with their pages at hand, and a whole run.

A run also starts, polls, fetches, loads and publishes, in a process of its own. `--pages FOLDER` takes real pages.
"""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

import _site
import end_to_end
from _page_jobs import batches

from monitor.gazetteer import version
from monitor.mention import tagger_version
from monitor.pipeline.batches import ArticleWork
from monitor.pipeline.jobs import program
from monitor.work import executor

LIMIT = 1.8


def say(name, ratios, **more):
    figure = {"name": name, "value": round(statistics.median(ratios), 3), "unit": "times", "better": "higher"}
    print(json.dumps(figure | {"limit": LIMIT, **more}), flush=True)


def seconds(work, todo, workers):
    """How long that many workers take, all of them started before."""
    with executor(f"processes:{workers}", workers) as map_:
        list(map_(work, [[job] for batch in todo[:2] for job in batch[: 2 * workers]]))
        began = time.perf_counter()
        done = sum(len(result) for result in map_(work, todo))
        taken = time.perf_counter() - began
    assert done == sum(map(len, todo)), done
    return taken


def alone(count, folder, rounds):
    work = ArticleWork(None, "UTC", program(tagger_version(version())))
    todo = batches(count, lambda number: _site.page(number, folder))
    ratios = [seconds(work, todo, 1) / seconds(work, todo, 2) for _ in range(rounds)]
    say("two workers against one, pages at hand", ratios, peer=f"{count} pages, most {max(ratios):.2f}")


def whole_run(count, folder, rounds):
    with tempfile.TemporaryDirectory(prefix="workers-") as place:
        place = Path(place)
        with _site.serving(count, folder) as port:
            _site.write_feeds(place / "feeds.toml", count, port)
            pairs = [[end_to_end.monitor(place, port, n) for n in (1, 2)] for _ in range(rounds)]
    cpu = statistics.median(one["cpu"] / two["cpu"] for one, two in pairs)
    cores = statistics.median(one["cpu"] / one["wall"] for one, _ in pairs)
    ratios = [one["wall"] / two["wall"] for one, two in pairs]
    beside = f"with one worker {cores:.2f} cores are busy, CPU of one over that of two {cpu:.3f}"
    say("two workers against one, whole run", ratios, peer=f"most {max(ratios):.2f}; {beside}")


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--quick", action="store_true")
    ask.add_argument("--pages", type=Path, help="a folder of real pages")
    given = ask.parse_args()
    count, rounds = (600, 3) if given.quick else (2000, 5)
    alone(count, given.pages, rounds)
    if not given.quick:
        whole_run(count, given.pages, 3)


if __name__ == "__main__":
    main()
