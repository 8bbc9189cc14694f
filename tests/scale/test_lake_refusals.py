"""What a lake does not do, or cannot, is said plainly."""

from dataclasses import replace
from datetime import timedelta

import duckdb
import pytest

from monitor.config import load_settings
from monitor.errors import DataFolderError, SchemaVersionError, UsageError
from monitor.pipeline.move import compact
from monitor.queries import open_archive
from monitor.records import Place
from monitor.schedules import load_schedules
from monitor.service import backup
from monitor.sqlfiles import statements
from monitor.store import Warehouse
from monitor.store.migrate import migrations
from tests.scale.filling import NOW, clock
from tests.scale.servers import lake_of


def test_a_file_needs_no_compaction(tmp_path):
    with pytest.raises(UsageError, match="a file"):
        compact(Place(tmp_path), clock, timedelta(1))


def test_a_lake_of_a_newer_program_is_refused(tmp_path):
    place = lake_of(tmp_path)
    with Warehouse.open(place, clock) as warehouse:
        step = replace(migrations()[-1], number=999)
        record = statements("store/migrate.sql")["record"]
        warehouse.connection.execute(record, [step.number, step.name, step.digest, NOW])
    with pytest.raises(SchemaVersionError, match="newer program"):
        Warehouse.open(place, clock)


def test_what_cannot_be_reached_is_said_plainly(tmp_path):
    lake_of(tmp_path)  # or skip
    nowhere = "ducklake:postgres:dbname=x host=127.0.0.1 port=9 connect_timeout=2"
    with pytest.raises(DataFolderError, match="cannot be opened"):
        Warehouse.open(Place(tmp_path, nowhere), clock)
    with pytest.raises(DataFolderError):
        open_archive(Place(tmp_path, f"ducklake:{tmp_path / 'empty.ducklake'}"))


def test_the_extensions_are_signed():
    con = duckdb.connect()
    assert con.execute("SELECT current_setting('allow_unsigned_extensions')").fetchall() == [(False,)]


def test_a_lake_is_not_backed_up_from_here(tmp_path):
    settings = load_settings({"data": tmp_path, "warehouse": "ducklake:x.ducklake"})
    with pytest.raises(UsageError, match="pg_dump"):
        backup(settings, clock)
    assert [s.active for s in load_schedules(settings) if s.flow == "backup"] == [False]
    assert [s.active for s in load_schedules(load_settings({"data": tmp_path})) if s.flow == "backup"] == [True]
