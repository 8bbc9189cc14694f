"""A collection that is killed at random loses nothing, stores nothing twice, and asks for no stored page again."""

import contextlib
import random
import signal
import subprocess
import sys
import time

import duckdb
import pytest

from tests.integration.press import Press, serving

TABLES = {
    "articles": "article_id, feed_id, url, canonical_url, title, published_at, status, word_count, week",
    "article_texts": "*",
    "mentions": "*",
    "entries": "feed_id, entry_id, url, title, outcome, article_id",
}


def command(press, folder):
    feeds = folder / "feeds.toml"
    feeds.write_text(press.feeds_toml())
    data = ["--data", str(folder / "data"), "--feeds", str(feeds), "--allow-network", "127.0.0.0/8", "--workers", "1"]
    return [sys.executable, "-c", "from monitor.cli import main; main()", "run", "--all", *data]


def environment():
    import os

    return os.environ | {"MONITOR_HOST_DELAY": "0", "MONITOR_TIMEOUT": "5"}


def finish(press, folder):
    done = subprocess.run(
        command(press, folder), cwd=folder, env=environment(), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


def kill_after(press, folder, seconds):
    with (folder / "log").open("a") as log:
        run = subprocess.Popen(
            command(press, folder), cwd=folder, env=environment(), stdout=log, stderr=log, start_new_session=True
        )
    with contextlib.suppress(subprocess.TimeoutExpired):
        run.wait(seconds)
    with contextlib.suppress(ProcessLookupError):
        import os

        os.killpg(run.pid, signal.SIGKILL)
    run.wait(10)


def contents(folder):
    with duckdb.connect(str((folder / "data/monitor.duckdb").resolve()), read_only=True) as con:
        return {
            name: sorted(con.execute(f"SELECT {what} FROM {name}").fetchall(), key=str) for name, what in TABLES.items()
        }


def stored_pages(folder):
    path = folder / "data/warehouse.duckdb"
    if not path.exists():
        return set()
    with duckdb.connect(str(path)) as con:
        return {url for (url,) in con.execute("SELECT url FROM base.articles WHERE status = 'full'").fetchall()}


def trial(tmp_path, kills, seed):
    rng = random.Random(seed)
    calm, wild = tmp_path / "calm", tmp_path / "wild"
    calm.mkdir()
    wild.mkdir()
    with serving(Press(feeds=6, entries=8, delay=0.1)) as press:
        started = time.monotonic()
        finish(press, calm)
        length = time.monotonic() - started
        press.hits.clear()
        for _ in range(kills):
            before = stored_pages(wild)
            press.hits.clear()
            kill_after(press, wild, rng.uniform(0.3, 1.1) * length)
            again = {press.url(path) for path in press.hits} & before
            assert not again, f"asked again for stored pages {again}"
        finish(press, wild)
        assert contents(wild) == contents(calm)


def test_five_kills(tmp_path):
    trial(tmp_path, 5, seed=5)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_fifty_kills(tmp_path):
    trial(tmp_path, 50, seed=50)
