"""What the doctor says of warehouse and published copies: lost, restored, older, held, or of the future."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from monitor.config import load_settings
from monitor.doctor import archive, examine, machine
from monitor.publish import copies
from monitor.store import health
from tests.sql import made
from tests.sql.desk import Desk


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Two weeks, published three times; the warehouse as it was after the first publish is kept beside."""
    folder = tmp_path_factory.mktemp("doctor")
    desk = Desk(folder / "data")
    feeds, items = made.archive(weeks=2)
    desk.declare(*feeds)
    desk.arrive(*items, first=True)
    desk.publish()
    desk.warehouse.connection.execute("CHECKPOINT")
    shutil.copyfile(folder / "data" / "warehouse.duckdb", folder / "first.duckdb")
    for day in ("2026-11-12", "2026-11-13"):
        desk.arrive(made.article("source1", day, day, "Cambodia met Thailand. " * 20))
        desk.publish()
    desk.close()
    return folder


@pytest.fixture
def data(published, tmp_path):
    return shutil.copytree(published / "data", tmp_path / "data", symlinks=True)


@pytest.fixture
def settings(data):
    return load_settings({"data": data})


def test_a_sound_archive_is_good(settings):
    assert copies(settings.data) == [2, 3]
    found = {f.name: f for f in examine(settings, made.NOW + timedelta(days=1))}
    assert [found[n].level for n in ("warehouse", "copy", "times")] == ["good", "good", "good"]
    assert f"schema {health.newest_schema()}, last vintage 3" in found["warehouse"].said
    assert "monitor-3.duckdb opens" in found["copy"].said


def test_a_lost_warehouse_says_what_to_put_in_its_place(settings, data):
    (data / "warehouse.duckdb").unlink()
    found = archive.warehouse(settings, made.NOW)
    assert found.level == "bad"
    assert "missing, but copies up to vintage 3" in found.said
    assert "published/monitor-3.duckdb" in found.todo
    shutil.copyfile(data / "published/monitor-3.duckdb", data / "warehouse.duckdb")  # as it says
    assert archive.warehouse(settings, made.NOW).level == "good"


def test_a_restored_warehouse_has_fewer_vintages_than_are_published(settings, published, data):
    shutil.copyfile(published / "first.duckdb", data / "warehouse.duckdb")
    found = archive.warehouse(settings, made.NOW)
    assert found.level == "bad"
    assert "last vintage 1, but vintage 3 is published" in found.said
    assert "monitor-3.duckdb" in found.todo
    shutil.copyfile(published / "first.duckdb", data / "published/monitor-1.duckdb")
    (data / "monitor.duckdb").unlink()
    (data / "monitor.duckdb").symlink_to("published/monitor-1.duckdb")
    found = archive.warehouse(settings, made.NOW)
    assert (found.level, "above monitor-1" in found.todo) == ("odd", True)


def test_a_warehouse_that_does_not_open_is_bad(settings, data):
    (data / "warehouse.duckdb").write_bytes(b"no database" * 999)
    found = {f.name: f for f in examine(settings, made.NOW)}["warehouse"]
    assert found.level == "bad"
    assert "is no DuckDB database" in found.said
    (data / "warehouse.duckdb").unlink()
    with duckdb.connect(str(data / "warehouse.duckdb")) as con:
        con.execute("CREATE SCHEMA base; CREATE TABLE base.schema_migrations (n INTEGER)")
    found = {f.name: f for f in examine(settings, made.NOW)}["warehouse"]
    assert found.level == "bad"
    assert "cannot be read" in found.said


HELD = """
import duckdb, fcntl, sys
file = open(sys.argv[1] + "/warehouse.lock", "w")
kept = fcntl.lockf(file, fcntl.LOCK_EX) if sys.argv[2] == "run" else duckdb.connect(sys.argv[1] + "/warehouse.duckdb")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("who", ["run", "shell"])
def test_a_warehouse_that_is_held_is_not_opened_and_that_is_fine(settings, data, who):
    command = [sys.executable, "-c", HELD, str(data), who]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout.readline()
    held, times = archive.warehouse(settings, made.NOW), archive.times(settings, made.NOW + timedelta(days=1))
    holder.communicate(b"")
    assert (held.level, held.todo) == ("note", "Fine while a run goes on; look again afterwards")
    assert "place" not in held.said
    assert times.level == "good"  # by the published copy
    assert archive.warehouse(settings, made.NOW).level == "good"
    with (data / "warehouse.lock").open("w") as file:  # looking did not keep it
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def reader_of(data, files=0o444):
    """Within it this process may read the folder and not write it, also when it is root's."""
    for path in [*data.rglob("*"), data]:
        if not path.is_symlink():
            path.chmod(0o555 if path.is_dir() else files)
    is_root = os.geteuid() == 0
    if is_root:
        os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        if is_root:
            os.setresuid(0, 0, 0)
        data.chmod(0o755)
        (data / "published").chmod(0o755)


@pytest.fixture
def open_data(data):
    """The same where any user may go; pytest's own folders are their owner's alone."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield shutil.copytree(data, Path(folder) / "data", symlinks=True)


def test_who_may_read_and_not_write_is_told_so_and_of_no_damage(open_data):
    settings = load_settings({"data": open_data})
    with reader_of(open_data):
        found = {f.name: f for f in examine(settings, made.NOW + timedelta(days=1))}
    assert "cannot be written by this user" in found["data folder"].said
    assert (found["lock"].level, found["lock"].said) == ("note", "free, but this user may not take it")
    assert found["warehouse"].level == "note"
    assert found["warehouse"].said == "not opened: this user has no permission to write warehouse.lock"
    assert [found[n].level for n in ("copy", "times", "feeds")] == ["good", "good", "good"]
    assert all("Readers are fine" in found[n].todo for n in ("data folder", "lock", "warehouse"))


def test_who_may_not_even_read_is_told_so(open_data):
    settings = load_settings({"data": open_data})
    with reader_of(open_data, files=0):
        found = {f.name: f for f in examine(settings, made.NOW + timedelta(days=1))}
    assert (found["lock"].level, found["lock"].said) == ("note", "this user may not read it")
    assert found["warehouse"].said == "not opened: this user has no permission to read warehouse.duckdb"
    assert (found["copy"].level, found["copy"].said) == ("bad", "this user has no permission to read it")


def test_who_may_only_read_sees_a_writer(open_data):
    command = [sys.executable, "-c", HELD, str(open_data), "run"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline()
        with reader_of(open_data):
            found = machine.lock(load_settings({"data": open_data}), made.NOW)
        holder.communicate(b"")
    assert (found.level, found.said) == ("note", "held by another writer")


def test_looking_makes_no_lock_of_its_own(settings, data):
    (data / "warehouse.lock").unlink()
    assert archive.warehouse(settings, made.NOW).level == "good"
    assert not (data / "warehouse.lock").exists()


def test_a_run_of_the_future_is_bad(settings):
    found = archive.times(settings, made.NOW - timedelta(days=20))
    assert found.level == "bad"
    assert "yet to come" in found.said
    assert "backup" in found.todo


def test_another_schema_is_said(settings, monkeypatch):
    for schema, level, words in ((99, "note", "brings it to schema 99"), (1, "bad", "newer program")):
        monkeypatch.setattr(health, "newest_schema", lambda schema=schema: schema)
        monkeypatch.setattr(archive, "newest_schema", lambda schema=schema: schema)
        found = archive.warehouse(settings, made.NOW)
        assert (found.level, words in found.todo) == (level, True)
        assert archive.copy(settings, made.NOW).level == "odd"


def test_a_file_of_another_name_among_the_copies_is_left_alone(data):
    (data / "published/monitor-old.duckdb").write_bytes(b"mine")
    assert copies(data) == [2, 3]
