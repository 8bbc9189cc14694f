"""Figures of scale: Dask against the pool and inline, DuckLake against a file, and a trial of both. One JSON a line.

The parts are real and started here on loopback: PostgreSQL, a Dask scheduler with two workers. `--quick` measures less,
`--only speeds` or `--only trial` one part; `--trial SECONDS` is how long two writers and four readers share one lake
while it is compacted (0: not at all). Speeds are measured on small made pages, and on pages of real sizes and shapes.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from _figure import figure  # noqa: E402  # not before the path
from _lake_trial import trial  # noqa: E402
from _made_page import made_page  # noqa: E402
from _page_jobs import BATCH, LOAD, NOW, batch_of, batches, prepare  # noqa: E402
from tests.scale import servers  # noqa: E402

from monitor.gazetteer import version  # noqa: E402
from monitor.mention import tagger_version  # noqa: E402
from monitor.pipeline.batches import ArticleWork  # noqa: E402
from monitor.pipeline.jobs import program  # noqa: E402
from monitor.pipeline.move import compact, copy_archive  # noqa: E402
from monitor.pipeline.run import build_and_publish  # noqa: E402
from monitor.queries import open_archive  # noqa: E402
from monitor.records import Place  # noqa: E402
from monitor.store import Warehouse  # noqa: E402
from monitor.store.copy import table_digests  # noqa: E402
from monitor.work import executor  # noqa: E402


def ticks(*pids):
    """CPU seconds that processes have used."""
    total = 0.0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def work_on(name, work, todo, cluster):
    """Pages a second, the share of CPU that is not the workers', and the results."""
    with executor(name, 2) as map_:
        list(map_(work, todo[:4]))  # warm
        parts = [cluster.scheduler.pid] if name.startswith("dask") else []
        before, began, own = ticks(*parts), time.perf_counter(), time.process_time()
        workers = ticks(*cluster.worker_processes()) if parts else 0.0
        results = list(map_(work, todo))
        seconds = time.perf_counter() - began
        spare = time.process_time() - own + ticks(*parts) - before
        worked = ticks(*cluster.worker_processes()) - workers if parts else 0.0
    return sum(map(len, todo)) / seconds, spare / worked if worked else 0.0, results


def done_inline(count):
    work = ArticleWork(None, "UTC", program(tagger_version(version())))
    return [work(batch) for batch in batches(count)]


def speeds(kind, todo, rounds, cluster):
    """Interleaved rounds, the best of each: other work on the machine only ever slows one down."""
    work = ArticleWork(None, "UTC", program(tagger_version(version())))
    names = {"inline": "inline", "pool": "processes:2", "dask": cluster.executor}
    rates, spare, results = {n: [] for n in names}, [], {}
    for _ in range(rounds):
        for name, setting in names.items():
            rate, share, results[name] = work_on(setting, work, todo, cluster)
            rates[name].append(rate)
            spare += [share] if share else []
    kind = f"{sum(map(len, todo))} {kind}"
    for name, found in rates.items():
        figure(f"{name}, {kind}", max(found), "pages/s", "higher", peer=f"median {statistics.median(found):.0f}")
    over("Dask with two workers over the pool of two", kind, rates["dask"], rates["pool"], limit=0.9, ratio=True)
    over("Dask with two workers over inline", kind, rates["dask"], rates["inline"], limit=1.7)
    over("the pool of two over inline", kind, rates["pool"], rates["inline"])
    figure(f"CPU of Dask's scheduler and client over the workers', {kind}", min(spare), "ratio", limit=0.05,
           peer=f"median {statistics.median(spare):.3f}")  # fmt: skip
    return results


def over(name, kind, mine, others, **more):
    """The ratio of the best rates; beside it the median of the ratios of each round."""
    rounds = statistics.median(m / o for m, o in zip(mine, others, strict=True))
    figure(f"{name}, {kind}", max(mine) / max(others), "ratio", "higher", peer=f"median of rounds {rounds:.2f}", **more)


def store(place, results):
    """Load in the order that the results came in; digests of all tables, and seconds a load."""
    took = []
    with Warehouse.open(place, lambda: NOW) as warehouse:
        prepare(warehouse, sorted((d.job.pending for r in results for d in r), key=lambda p: p.entry.entry_id))
        for start in range(0, len(results), LOAD // BATCH):  # as a run loads a lake
            done = [d for result in results[start : start + LOAD // BATCH] for d in result]
            began, cpu = time.perf_counter(), time.process_time()
            warehouse.load(batch_of(done))
            took.append((time.perf_counter() - began, time.process_time() - cpu))
        began = time.perf_counter()
        build_and_publish(warehouse, NOW)
        built = time.perf_counter() - began
        return table_digests(warehouse.connection), [statistics.median(x) for x in zip(*took, strict=True)], built


def ask(place, rounds=5):
    """Median seconds of a trend and of an evidence query."""
    with open_archive(place) as archive:
        week, took = archive.last_week(), {"trend": [], "evidence": []}
        for _ in range(rounds):
            for name, question in (
                ("trend", lambda: archive.trend("Cambodia")),
                ("evidence", lambda: archive.evidence("Cambodia", week)),
            ):
                began = time.perf_counter()
                question()
                took[name].append(time.perf_counter() - began)
    return {name: statistics.median(found) for name, found in took.items()}


def stores(results, folder, postgres):
    lake = Place(folder / "lake", postgres.database(), str(folder / "files"))
    places = {"inline": Place(folder / "inline"), "pool": Place(folder / "pool"), "dask": Place(folder / "dask")}
    digests = {name: store(place, results[name]) for name, place in places.items()}
    digests["lake"] = store(lake, results["inline"])
    told = {name: found[0] for name, found in digests.items()}
    differ = [t for t in told["inline"] if len({found[t] for found in told.values()}) > 1]
    figure("tables that differ between inline, pool, Dask and a lake", len(differ), "tables", limit=0,
           peer=f"{len(told['inline'])} tables compared; {', '.join(differ) or 'all the same'}")  # fmt: skip
    articles = sum(map(len, results["inline"]))
    for name, place in (("file", places["inline"]), ("lake", lake)):
        _, load_s, build_s = digests["inline" if name == "file" else "lake"]
        figure(f"{name}: a load of {LOAD} articles", 1000 * load_s[0], "ms", peer=f"CPU {1000 * load_s[1]:.0f} ms")
        figure(f"{name}: full build, checks and publish of {articles} articles", build_s, "s")
        for question, seconds in ask(place).items():
            figure(f"{name}: {question}", 1000 * seconds, "ms")
    with Warehouse.open(lake, lambda: NOW) as warehouse:
        rows = warehouse.frame("SELECT sum(length(text)) AS n FROM base.article_texts")["n"][0]
    done = compact(lake, lambda: datetime.now(UTC) + timedelta(days=2), timedelta(hours=1))
    figure("lake: data files after compaction, bytes an article", done.after.bytes / articles, "bytes",
           peer=f"{done.after.files} files; text alone {rows / articles:.0f} characters")  # fmt: skip
    for question, seconds in ask(lake).items():
        figure(f"lake after compaction: {question}", 1000 * seconds, "ms")
    began = time.perf_counter()
    copied = copy_archive(lake, Place(folder / "back"), lambda: NOW)
    figure("copy of the lake into a file, compared and built", time.perf_counter() - began, "s",
           peer=f"{sum(t.rows for t in copied.tables)} rows")  # fmt: skip


def all_speeds(count, rounds, folder):
    """The results of the small pages, by who worked on them."""
    with servers.dask_cluster(folder) as cluster:
        servers.wait_for(lambda: len(cluster.worker_processes()) == 2, 60)
        results = speeds("pages of 7 kB", batches(count), rounds, cluster)
        todo = batches(count, made_page)
        size = sum(len(job.page.body) for batch in todo for job in batch) / count
        speeds(f"pages of real shape and size ({size / 1000:.0f} kB)", todo, rounds, cluster)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--trial", type=int, default=300)
    parser.add_argument("--only", choices=("speeds", "trial"))
    options = parser.parse_args()
    count, rounds = (400, 1) if options.quick else (2000, 3)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        results = {} if options.only == "trial" else all_speeds(count, rounds, folder)
        if options.only == "speeds":
            return
        with servers.postgres() as postgres:
            if results:
                stores(results, folder, postgres)
            if options.trial and not options.quick:
                trial(options.trial, folder, postgres, results.get("inline") or done_inline(count))


if __name__ == "__main__":
    main()
