"""A run checks what changed; everything is checked once a day, and at once when another program wrote to the file."""

import json
import shutil
from datetime import datetime, timedelta

import duckdb
import pytest

from monitor.config import load_settings
from monitor.errors import CheckFailedError
from monitor.feeds_file import read_feeds
from monitor.pipeline.run import build_and_publish, collect
from monitor.records import place_of
from monitor.store import Warehouse, seal
from monitor.store.migrate import connect
from tests.integration.press import NOW, Press, serving

# a line that no run wrote, in a week that the next run does not touch
FAULT = "INSERT INTO base.article_texts SELECT article_id, week, 'again' FROM base.article_texts ORDER BY week LIMIT 1"


@pytest.fixture
def runs(knowing, tmp_path):
    """Runs at so many hours, each with a new entry of this week in every feed; the archive knows the gazetteer."""
    shutil.copytree(knowing, tmp_path, dirs_exist_ok=True)
    with serving(Press(feeds=1, entries=2)) as press:

        def run(hours):
            now = NOW + timedelta(hours=hours)
            options = {"data": tmp_path, "allow_network": ("127.0.0.0/8",), "host_delay": 0, "executor": "inline"}
            feeds = read_feeds(press.feeds_toml(), "feeds.toml")
            report = collect(load_settings(options), feeds, lambda: now, all_=True)
            press.first += 1
            return report

        yield run


def checked_at(data):
    return datetime.fromisoformat(json.loads((data / "warehouse.checked").read_text())["checked_at"])


def damage(data):
    with connect(data / "warehouse.duckdb") as con:
        con.execute(FAULT)
        con.execute("UPDATE base.data_version SET version = version + 1")


def test_everything_is_checked_once_a_day(runs, tmp_path):
    for hours, last in ((0, 0), (23, 0), (24, 24), (20, 20)):
        assert runs(hours).published
        assert checked_at(tmp_path) == NOW + timedelta(hours=last)


def test_what_another_program_wrote_is_checked_at_once(runs, tmp_path):
    runs(0)
    damage(tmp_path)
    for hours in (1, 2):
        with pytest.raises(CheckFailedError, match="duplicates: 1 row"):
            runs(hours)


def test_what_nobody_saw_is_found_within_a_day(runs, tmp_path):
    runs(0)
    runs(0.5)
    damage(tmp_path)
    seal.write(place_of(tmp_path), NOW)
    assert runs(1).published
    with pytest.raises(CheckFailedError, match="duplicates: 1 row"):
        runs(24)


@pytest.mark.parametrize("left", ["nothing", "noise", "a run that was killed", "a run that failed", "an older copy"])
def test_without_its_seal_everything_is_checked(runs, tmp_path, left):
    runs(0)
    if left == "nothing":
        (tmp_path / "warehouse.checked").unlink()
    elif left == "noise":
        (tmp_path / "warehouse.checked").write_text("[")
    elif left == "a run that was killed":
        shutil.copytree(tmp_path, tmp_path / "kept")
        with connect(tmp_path / "kept/warehouse.duckdb") as con:
            con.execute("UPDATE base.data_version SET version = version + 1")
            for path in (tmp_path / "kept").glob("warehouse.duckdb*"):
                shutil.copy2(path, tmp_path / path.name)
    elif left == "a run that failed":
        with Warehouse.open(tmp_path, lambda: NOW) as warehouse:
            warehouse.start_run("r", NOW)
            warehouse.connection.execute("UPDATE base.data_version SET version = version + 1")
    else:
        shutil.copy(tmp_path / "warehouse.duckdb", tmp_path / "backup")
        runs(0.5)
        (tmp_path / "backup").replace(tmp_path / "warehouse.duckdb")
    runs(1)
    assert checked_at(tmp_path) == NOW + timedelta(hours=1)


def test_who_only_looks_leaves_the_seal(runs, tmp_path):
    runs(0)
    with Warehouse.open(tmp_path, lambda: NOW) as warehouse:
        warehouse.feed_states()
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as con:
        con.execute("FROM base.runs")
    runs(1)
    assert checked_at(tmp_path) == NOW


def test_who_works_or_found_a_fault_leaves_no_seal(runs, tmp_path):
    runs(0)
    seals = tmp_path / "warehouse.checked"
    with Warehouse.open(tmp_path, lambda: NOW) as warehouse:
        assert not seals.exists()
    assert seals.exists()
    with Warehouse.open(tmp_path, lambda: NOW) as warehouse:
        warehouse.connection.execute(FAULT)
        with pytest.raises(CheckFailedError):
            build_and_publish(warehouse, NOW)
    assert not seals.exists()
