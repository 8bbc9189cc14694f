"""Kills, full disks and cut files: nothing lost, nothing twice, and readers always have a good copy."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from monitor import marts, publish
from monitor.errors import DataFolderError
from monitor.export import export, verify
from monitor.queries import open_archive
from tests.integration import loading
from tests.sql import made

ROOT = Path(__file__).resolve().parents[2]
BASE = ("articles", "article_texts", "mentions", "entries", "entry_payloads", "signatures", "article_lines", "windows")


def start(data):
    command = [sys.executable, "-m", "tests.integration.loading", str(data)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def contents(data):
    with duckdb.connect(str(data / "warehouse.duckdb"), read_only=True) as con:
        tables = [f"base.{t}" for t in BASE] + [f"mart.{m.name}" for m in marts.marts()]
        return {t: sorted(map(repr, con.execute(f"FROM {t}").fetchall())) for t in tables}


def check_published(data):
    """The published copy, if there is one yet, opens and passes every check."""
    if not (data / "monitor.duckdb").exists():
        return
    with duckdb.connect(str((data / "monitor.duckdb").resolve()), read_only=True) as con:
        assert marts.run_checks(con) == []
    with open_archive(data) as archive:
        assert archive.trend("Cambodia").height > 0


def kill_and_compare(tmp_path, kills, seed):
    loading.work(tmp_path / "undisturbed")
    rng = random.Random(seed)
    for _ in range(kills):
        process = start(tmp_path / "killed")
        assert process.stdout.readline() == "open\n"
        time.sleep(rng.uniform(0, 1.5))
        process.kill()
        process.wait()
        process.stdout.close()
        check_published(tmp_path / "killed")
    loading.work(tmp_path / "killed")
    check_published(tmp_path / "killed")
    disturbed, whole = contents(tmp_path / "killed"), contents(tmp_path / "undisturbed")
    for table, rows in whole.items():
        assert disturbed[table] == rows, table


def test_kills_lose_nothing_and_double_nothing(tmp_path):
    kill_and_compare(tmp_path, 5, 1)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_hundred_kills(tmp_path):
    kill_and_compare(tmp_path, 100, 2)


@pytest.fixture
def small_disk(tmp_path):
    """Forty megabytes; needs the right to mount."""
    folder = tmp_path / "small"
    folder.mkdir()
    made_disk = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", folder], check=False, capture_output=True
    )
    if made_disk.returncode:
        pytest.skip("may not mount a small disk")
    yield folder
    subprocess.run(["umount", folder], check=True)


def fill_disk(folder, leave):
    """Take all room but `leave` bytes, with a file that the kernel really gives blocks to."""
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    (folder / "ballast").write_bytes(b"x" * max(0, free - leave))


@pytest.mark.parametrize("room", [0, 300_000])
def test_a_full_disk_in_a_load_is_a_clear_error_and_the_next_load_is_whole(small_disk, room, monkeypatch):
    feeds, items = made.archive(weeks=8)
    with made.open_warehouse(small_disk) as warehouse:
        made.store(warehouse, feeds, items[:10])
        marts.refresh(warehouse)
        publish.publish(warehouse, made.NOW)
        rest = [made.poll(f.feed_id, [i for i in items[10:] if i.feed_id == f.feed_id]) for f in feeds]
        warehouse.save_polls("r2", rest, made.NOW)
        fill_disk(small_disk, room)
        with pytest.raises(DataFolderError, match="MB"):
            warehouse.load(made.batch(items[10:], "r2"))
        check_published(small_disk)
        (small_disk / "ballast").unlink()
    with made.open_warehouse(small_disk) as warehouse:
        assert warehouse.load(made.batch(items[10:], "r2")).stored == len(items) - 10
        marts.refresh(warehouse)
        assert marts.check(warehouse) == []


def test_a_disk_that_fills_while_writing_is_a_clear_error(small_disk, monkeypatch):
    """The look at the free room is blinded, so that the write itself runs out of it."""
    monkeypatch.setattr("monitor.store.writes.need_space", lambda *_: None)
    feeds, items = made.archive(weeks=30)
    with made.open_warehouse(small_disk) as warehouse:
        made.store(warehouse, feeds, items[:10])
        rest = [made.poll(f.feed_id, [i for i in items[10:] if i.feed_id == f.feed_id]) for f in feeds]
        warehouse.save_polls("r2", rest, made.NOW)
        warehouse.connection.execute("CHECKPOINT")
        fill_disk(small_disk, 4096)
        with pytest.raises(DataFolderError, match="full"):
            warehouse.load(made.batch(items[10:], "r2"))
        (small_disk / "ballast").unlink()
    with made.open_warehouse(small_disk) as warehouse:
        assert warehouse.load(made.batch(items[10:], "r2")).stored == len(items) - 10


def test_a_disk_that_fills_in_an_export_is_a_clear_error(small_disk, tmp_path):
    with made.open_warehouse(tmp_path / "data") as warehouse:
        made.store(warehouse, *made.archive(weeks=8))
        marts.refresh(warehouse)
        publish.publish(warehouse, made.NOW)
    fill_disk(small_disk, 8192)
    with open_archive(tmp_path / "data", follow=False) as archive:
        with pytest.raises(DataFolderError, match=r"cannot be written: .*No space left"):
            export(archive, small_disk / "out", texts=True)
        (small_disk / "ballast").unlink()
        export(archive, small_disk / "out", texts=True)
    assert verify(small_disk / "out") == []


@pytest.mark.parametrize("blind", [False, True])
def test_a_full_disk_in_a_publish_leaves_the_old_copy(small_disk, monkeypatch, blind):
    if blind:
        monkeypatch.setattr("monitor.publish.need_space", lambda *_: None)
    with made.open_warehouse(small_disk) as warehouse:
        made.store(warehouse, *made.archive(weeks=3))
        marts.refresh(warehouse)
        first = publish.publish(warehouse, made.NOW)
        warehouse.sync_feeds([made.feed("other")])
        marts.refresh(warehouse)
        warehouse.connection.execute("CHECKPOINT")
        fill_disk(small_disk, 2_000_000)
        with pytest.raises(DataFolderError):
            publish.publish(warehouse, made.NOW)
        assert (small_disk / "monitor.duckdb").resolve() == first
        check_published(small_disk)
        (small_disk / "ballast").unlink()
    with made.open_warehouse(small_disk) as warehouse:
        assert publish.publish(warehouse, made.NOW).name == "monitor-2.duckdb"
        assert len(list((small_disk / "published").iterdir())) == 2
        check_published(small_disk)
