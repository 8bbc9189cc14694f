"""Figures of scale: Dask against the pool and inline, DuckLake against a file, and a trial of both. One JSON a line.

The parts are real and started here on loopback: PostgreSQL, a Dask scheduler with two workers. `--quick` measures less,
`--only speeds` or `--only trial` one part; `--trial SECONDS` is how long two writers and four readers share one lake
while it is compacted (0: not at all). Speeds are measured on small made pages, and on pages of real sizes and shapes.
"""

import argparse
import json
import multiprocessing
import os
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from _site import made_page  # noqa: E402  # not before the path
from tests.scale import servers  # noqa: E402

from monitor.batch import Batch, EntryOutcome, PendingEntry, PollResult  # noqa: E402  # not before the path
from monitor.errors import MonitorError  # noqa: E402
from monitor.gazetteer import load, version  # noqa: E402
from monitor.mention import tagger_version  # noqa: E402
from monitor.pipeline.batches import ArticleWork  # noqa: E402
from monitor.pipeline.jobs import PageJob, program  # noqa: E402
from monitor.pipeline.move import compact, copy_archive  # noqa: E402
from monitor.pipeline.run import build_and_publish  # noqa: E402
from monitor.queries import open_archive  # noqa: E402
from monitor.records import Entry, Feed, FeedState, Page, Place, Window  # noqa: E402
from monitor.store import Warehouse  # noqa: E402
from monitor.store.copy import table_digests  # noqa: E402
from monitor.store.tidy import size  # noqa: E402
from monitor.urls import article_id  # noqa: E402
from monitor.work import executor  # noqa: E402

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BATCH, LOAD = 50, 400  # as a run's
HTML = "text/html; charset=utf-8"


def figure(name, value, unit, better="lower", **more):
    print(json.dumps({"name": name, "value": round(value, 4), "unit": unit, "better": better, **more}), flush=True)


def page(number, names):
    """A page of some 600 words with a dozen names, in the furniture of a news site."""
    rng = random.Random(number)
    words = (ROOT / "src/monitor/data/sample/themes/trade.txt").read_text("utf-8").split()
    paragraphs = []
    for _ in range(8):
        chosen = rng.choices(words, k=70)
        for at in rng.sample(range(70), 2):
            chosen[at] = rng.choice(names)
        paragraphs.append(f"<p>{' '.join(chosen)}.</p>")
    links = "".join(f"<li><a href='/section/{n}'>Section {n} and more</a></li>" for n in range(60))
    body = f"<article><h1>Report {number}</h1>{''.join(paragraphs)}</article>"
    head = f"<html lang='en'><head><title>Report {number}</title></head>"
    return f"{head}<body><ul>{links}</ul><main>{body}</main></body></html>"


def feeds(count=20):
    return [Feed(f"f{n}", f"Feed {n}", f"https://f{n}.example/feed", f"f{n}", source_type="news") for n in range(count)]


def pending(number):
    url = f"https://f{number % 20}.example/{number}"
    day = NOW - timedelta(days=number % 180)
    entry = Entry(f"f{number % 20}", f"e{number}", url, url, article_id(url), f"Report {number}", published_at=day)
    return PendingEntry(entry, f"f{number % 20}", "en", None, NOW, False, False, 0)


def small_pages():
    """Makes pages of 7 kB: there is little to do for each, so what handing them out costs shows most."""
    names = [e.name for e in load().entities.values() if e.kind == "country"][:120]
    return lambda number: page(number, names).encode()


def batches(count, body=None):
    body, jobs = body or small_pages(), []
    for number in range(count):
        p = pending(number)
        jobs.append(PageJob(p, Page(p.entry.url, p.entry.url, body(number), HTML), None, NOW))
    return [jobs[start : start + BATCH] for start in range(0, count, BATCH)]


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


def batch_of(done):
    return Batch(
        "r1",
        articles=tuple(d.article for d in done),
        mentions={d.article.article_id: d.mentions for d in done},
        bands={d.article.article_id: d.bands for d in done},
        lines={d.article.article_id: d.lines for d in done},
        outcomes=tuple(
            EntryOutcome(d.article.feed_id, d.job.pending.entry.entry_id, "stored", None, d.article.article_id, 1)
            for d in done
        ),
    )


def prepare(warehouse, entries):
    warehouse.sync_gazetteer(load())
    warehouse.sync_feeds(feeds())
    warehouse.start_run("r1", NOW)
    polls = []
    for feed in feeds():
        mine = tuple(p.entry for p in entries if p.entry.feed_id == feed.feed_id)
        window = Window(feed.feed_id, "r1", NOW, NOW - timedelta(days=200), len(mine), len(mine), True)
        polls.append(PollResult(FeedState(feed.feed_id, status="ok", last_ok_at=NOW), (), window, mine))
    warehouse.save_polls("r1", polls, NOW)


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


def write(number, place, results, until, failures, loads):
    """One writer: loads batches, its own and the other's, and publishes now and then."""
    place = Place(place.data / f"writer{number}", place.warehouse, place.files)
    with Warehouse.open(place, lambda: NOW) as warehouse:
        mine = 0
        for done in results[number % 2 :: 2] + results[(number + 1) % 2 :: 2]:
            if time.time() > until:
                return
            try:
                warehouse.load(batch_of(done))
                mine += 1
                loads.append([d.article.article_id for d in done])
                if mine % 10 == 0:
                    build_and_publish(warehouse, datetime.now(UTC))
            except MonitorError as error:
                failures.append(f"writer {number}: {error}")


def read(number, place, until, failures, reads):
    with open_archive(Place(place.data / f"reader{number}", place.warehouse, place.files)) as archive:
        last = 0
        while time.time() < until:
            try:
                vintage = archive.path.name
                week = archive.last_week()
                trend, found = archive.trend("Cambodia"), archive.evidence("Cambodia", week)
                counted = trend.filter(trend["week"] == week)["mentions"].sum()
                articles = archive.sql("SELECT count(*) AS n FROM articles")["n"][0]
                if archive.path.name == vintage and counted != found.height:
                    failures.append(f"reader {number}: {counted} counted, {found.height} shown")
                if articles < last:
                    failures.append(f"reader {number}: articles went from {last} to {articles}")
                last = articles
                reads.append(1)
            except MonitorError as error:
                failures.append(f"reader {number}: {error}")


def tidy_often(place, until, failures, rounds):
    while time.time() < until:
        try:
            compact(place, lambda: datetime.now(UTC), timedelta(seconds=20))
            rounds.append(1)
        except MonitorError as error:
            failures.append(f"compaction: {error}")
        time.sleep(5)


def trial(seconds, folder, postgres, results):
    """Two writers and four readers on one lake, compaction running."""
    place = Place(folder / "trial", postgres.database(), str(folder / "trial-files"))
    with Warehouse.open(place, lambda: NOW) as warehouse:
        prepare(warehouse, [d.job.pending for r in results for d in r])
        warehouse.load(batch_of(results[0]))
        build_and_publish(warehouse, NOW)
    with multiprocessing.get_context("spawn").Manager() as manager:
        failures, loads, reads, rounds = (manager.list() for _ in range(4))
        until = time.time() + seconds
        start = multiprocessing.get_context("spawn").Process
        jobs = [start(target=write, args=(n, place, results, until, failures, loads)) for n in range(2)]
        jobs += [start(target=read, args=(n, place, until, failures, reads)) for n in range(4)]
        jobs += [start(target=tidy_often, args=(place, until, failures, rounds))]
        for job in jobs:
            job.start()
        for job in jobs:
            job.join()
        wanted = {i for ids in loads for i in ids} | {d.article.article_id for d in results[0]}
        told = f"{len(loads)} loads of {BATCH}, {len(reads)} reads, {len(rounds)} compactions in {seconds} s"
        with Warehouse.open(place, lambda: NOW) as warehouse:
            found = [i for (i,) in warehouse.frame("SELECT article_id FROM base.articles").rows()]
            build_and_publish(warehouse, datetime.now(UTC))  # raises when a check finds anything
            left = size(warehouse.connection)
        lost, twice = len(wanted - set(found)), len(found) - len(set(found))
        figure("trial: failed reads and writes", len(failures), "failures", limit=0, peer=told)
        figure("trial: articles lost or stored twice", lost + twice, "articles", limit=0,
               peer=f"{len(found)} stored; {left.files} files, {left.snapshots} snapshots at the end")  # fmt: skip
        for failure in list(failures)[:5]:
            print(failure, file=sys.stderr)
        ended = [job.exitcode for job in jobs]
        figure("trial: processes that ended badly", sum(code != 0 for code in ended), "processes", limit=0)


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
