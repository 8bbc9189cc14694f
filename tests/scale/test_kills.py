"""kill -9 of each part in the middle of a collection: nothing is lost or stored twice, the run ends or goes on."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from monitor.queries import open_archive
from monitor.records import Place
from tests.integration.press import Press, serving
from tests.scale import servers

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

TABLES = {
    "articles": "article_id, feed_id, url, canonical_url, title, published_at, status, word_count, week",
    "article_texts": "*",
    "mentions": "*",
    "entries": "feed_id, entry_id, url, title, outcome, article_id",
    "weekly_mentions": "*",
}


@contextmanager
def collecting(press, folder, place, executor):
    """`monitor run` as a process of its own."""
    feeds = folder / "feeds.toml"
    feeds.write_text(press.feeds_toml())
    own = {"MONITOR_WAREHOUSE": place.warehouse, "MONITOR_WAREHOUSE_DATA": place.files, "MONITOR_EXECUTOR": executor}
    environment = os.environ | own | {"MONITOR_HOST_DELAY": "0", "MONITOR_TIMEOUT": "5"}
    command = [sys.executable, "-c", "from monitor.cli import main; main()", "run", "--all", "--feeds", str(feeds)]
    options = ["--data", str(place.data), "--allow-network", "127.0.0.0/8"]
    with (folder / "log").open("a") as log:
        run = subprocess.Popen([*command, *options], cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        yield run
    finally:
        if run.poll() is None:
            run.kill()
        run.wait()


def finish(press, folder, place, executor):
    with collecting(press, folder, place, executor) as run:
        assert run.wait(180) == 0, (folder / "log").read_text()


def contents(place):
    with open_archive(place) as archive:
        return {
            name: sorted(archive.sql(f"SELECT {what} FROM {name}").rows(), key=str) for name, what in TABLES.items()
        }


@pytest.fixture
def calm(tmp_path):
    """The press with what an undisturbed collection makes of it."""
    folder = tmp_path / "calm"
    folder.mkdir()
    with serving(Press(feeds=6, entries=8, delay=0.2)) as press:
        place = Place(folder / "data")
        finish(press, folder, place, "inline")
        press.hits.clear()
        yield press, contents(place)


def fetching(press, pages):
    servers.wait_for(lambda: sum(n for path, n in press.hits.items() if path.startswith("/a/")) >= pages, 120)


@pytest.mark.parametrize("victim", ["worker", "scheduler", "run"])
def test_a_part_of_the_cluster_is_killed(calm, tmp_path, victim):
    press, expected = calm
    place = Place(tmp_path / "data")
    with servers.dask_cluster(tmp_path) as cluster:
        servers.wait_for(lambda: len(cluster.worker_processes()) == 2, 60)
        with collecting(press, tmp_path, place, cluster.executor) as run:
            fetching(press, 10)
            if victim == "worker":
                os.kill(cluster.worker_processes()[0], signal.SIGKILL)
            elif victim == "run":
                run.kill()
            else:
                cluster.stop()
                cluster.start_scheduler()
                cluster.nannies.clear()
                cluster.start_workers(1)
            code = run.wait(180)
        assert code == (-signal.SIGKILL if victim == "run" else 0), (tmp_path / "log").read_text()
        if victim == "run":
            finish(press, tmp_path, place, cluster.executor)
    assert contents(place) == expected


@pytest.mark.parametrize("kills", [1, 3])
def test_postgres_is_killed(calm, tmp_path, kills):
    press, expected = calm
    with servers.postgres() as server:
        place = Place(tmp_path / "data", server.database(), str(tmp_path / "files"))
        for _ in range(kills):
            press.hits.clear()
            with collecting(press, tmp_path, place, "inline") as run:
                fetching(press, 8)
                server.kill()
                assert run.wait(180) != 0
            time.sleep(1)
            server.start()
        finish(press, tmp_path, place, "inline")
        assert contents(place) == expected


def test_the_collecting_process_is_killed_while_it_writes_to_a_lake(calm, tmp_path):
    press, expected = calm
    with servers.postgres() as server:
        place = Place(tmp_path / "data", server.database(), str(tmp_path / "files"))
        for pages in (4, 12, 20, 6):
            press.hits.clear()
            with collecting(press, tmp_path, place, "inline") as run:
                servers.wait_for(lambda wanted=pages: sum(press.hits.values()) >= wanted or run.poll() is not None, 120)
                run.kill()
        finish(press, tmp_path, place, "inline")
        assert contents(place) == expected
