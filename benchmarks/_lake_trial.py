"""A trial of one lake: two writers and four readers at once, each a process, while it is compacted."""

import multiprocessing
import sys
import time
from datetime import UTC, datetime, timedelta

from _figure import figure
from _page_jobs import BATCH, NOW, batch_of, prepare

from monitor.errors import MonitorError
from monitor.pipeline.move import compact
from monitor.pipeline.run import build_and_publish
from monitor.queries import open_archive
from monitor.records import Place
from monitor.store import Warehouse
from monitor.store.tidy import size


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
