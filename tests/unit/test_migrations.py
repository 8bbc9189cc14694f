"""A warehouse of every earlier version opens, is upgraded, and gives the same rows, marts and numbers."""

import shutil
from pathlib import Path

import duckdb
import pytest

from monitor import marts, publish
from monitor.errors import DataFolderError, MonitorError, SchemaVersionError
from monitor.queries import open_archive
from monitor.store.migrate import migrations, open_migrated
from tests.sql import made

FIXTURES = sorted((Path(__file__).resolve().parents[1] / "data" / "warehouses").glob("schema-*.sql"))
KEPT = ("articles", "article_texts", "mentions", "entities", "aliases", "feeds", "entries", "windows", "vintages")
COLUMNS = """SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns()
    WHERE schema_name = 'base' AND database_name = current_database() ORDER BY ALL"""


def restored(fixture, folder):
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
        con.execute("SET TimeZone = 'UTC'")
        con.execute(fixture.read_text("utf-8"))
        return {table: con.execute(f"SELECT count(*) FROM base.{table}").fetchone()[0] for table in KEPT}


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda p: p.stem)
def test_a_warehouse_of_an_earlier_version_is_upgraded(fixture, tmp_path):
    before = restored(fixture, tmp_path / "old")
    was = (tmp_path / "old" / "warehouse.duckdb").read_bytes()
    is_new = all(m.digest in fixture.read_text("utf-8") for m in migrations())
    with made.open_warehouse(tmp_path / "old") as old, made.open_warehouse(tmp_path / "new") as new:
        assert old.frame(COLUMNS).equals(new.frame(COLUMNS))
        assert {table: old.frame(f"FROM base.{table}").height for table in KEPT} == before
        applied = "SELECT number, name, digest FROM base.schema_migrations ORDER BY number"
        assert old.frame(applied).equals(new.frame(applied))
        # the program that made schema-004-a could store no article
        assert before["articles"] == (0 if fixture.stem == "schema-004-a" else 4)
        marts.refresh(old)
        assert marts.check(old) == []
        publish.publish(old, made.NOW)
        if before["articles"]:
            check_numbers(tmp_path / "old", before["vintages"])
    backups = list((tmp_path / "old").glob("warehouse.schema-*.duckdb"))
    assert [b.read_bytes() for b in backups] == ([] if is_new else [was])
    with made.open_warehouse(tmp_path / "old") as again:
        assert again.frame("FROM base.articles").height == before["articles"]
    assert len(list((tmp_path / "old").glob("warehouse.schema-*.duckdb"))) == len(backups)


def check_numbers(data, vintages):
    """The sentences are numbered, the counts are there, and what an old vintage published is still known."""
    with open_archive(data) as archive:
        trend = archive.trend("Cambodia")
        assert trend["articles"].sum() > 0
        evidence = archive.evidence("Cambodia", trend.filter(trend["articles"] > 0)["week"][0])
        assert evidence["sentence"].null_count() == 0
        numbers = archive.sql("SELECT min(sentence) AS low, max(sentence) AS high FROM base.mentions").row(0)
        assert numbers[0] == 0 < numbers[1]
        assert archive.vintages().height >= vintages
        if vintages:
            columns = ("week", "articles", "stories", "sources", "mentions", "observed_articles", "state", "share")
            assert archive.trend("Cambodia", as_of=1).select(columns).equals(trend.select(columns))


def test_a_fixture_is_kept_of_every_schema():
    """When this fails: python -m tests.sql.dump_warehouse > tests/data/warehouses/schema-NNN.sql for the new number."""
    numbers = [m.number for m in migrations()]
    kept = {int(p.stem.split("-")[1]) for p in FIXTURES}
    assert numbers[-1] in kept
    assert {1, 2, 3, 4} <= kept


@pytest.fixture
def old(tmp_path):
    restored(next(p for p in FIXTURES if p.stem == "schema-004"), tmp_path)
    return tmp_path / "warehouse.duckdb"


def test_a_change_and_its_record_are_one_transaction(old, monkeypatch):
    """A migration that fails half-way leaves neither its change nor its record."""
    from monitor.store import migrate

    last = migrations()[-1]
    broken = migrate.Migration(last.number, last.name, last.text + "\nSELECT 1 / 'x'::INTEGER;", last.digest)
    monkeypatch.setattr(migrate, "migrations", lambda folder="schema": [*migrations(folder)[:-1], broken])
    with pytest.raises(MonitorError):
        open_migrated(old, lambda: made.NOW)
    with duckdb.connect(str(old), read_only=True) as con:
        assert con.execute("SELECT max(number) FROM base.schema_migrations").fetchone() == (migrations()[-2].number,)
        columns = {name for name, *_ in con.execute("DESCRIBE base.vintage_weeks").fetchall()}
        assert columns == {"vintage", "week", "state", "observed_articles"}
    monkeypatch.undo()
    open_migrated(old, lambda: made.NOW).close()


def test_an_upgrade_is_checkpointed(old):
    con = open_migrated(old, lambda: made.NOW)
    wal = old.with_name("warehouse.duckdb.wal")
    assert not wal.exists() or wal.stat().st_size == 0
    con.close()


def test_without_a_backup_there_is_no_upgrade(old, monkeypatch):
    before = old.read_bytes()
    monkeypatch.setattr(shutil, "copyfile", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(DataFolderError, match="no backup before the upgrade"):
        open_migrated(old, lambda: made.NOW)
    monkeypatch.undo()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 0))
    with pytest.raises(DataFolderError, match="backup before an upgrade needs"):
        open_migrated(old, lambda: made.NOW)
    assert old.read_bytes() == before


def test_a_schema_number_that_nobody_knows_is_refused(old):
    with duckdb.connect(str(old)) as con:
        con.execute("INSERT INTO base.schema_migrations VALUES (5, '005_elsewhere', 'x', now())")
    with pytest.raises(SchemaVersionError, match="schema 5"):
        open_migrated(old, lambda: made.NOW)
