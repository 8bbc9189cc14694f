import os
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta

import duckdb
import pytest

from monitor import marts
from monitor.errors import ConflictError, DataFolderError, QueryError, SchemaVersionError, UsageError
from monitor.pipeline.move import compact, copy_archive
from monitor.pipeline.run import build_and_publish
from monitor.queries import open_archive, published_mark
from monitor.records import Place
from monitor.sqlfiles import statements
from monitor.store import Warehouse
from monitor.store.copy import table_digests
from monitor.store.migrate import migrations
from monitor.store.tidy import size
from tests.scale import servers
from tests.sql import made

NOW = made.NOW
LATER = NOW + timedelta(days=2)


def clock():
    return NOW


def fill(place, weeks=6, **more):
    with Warehouse.open(place, clock) as warehouse:
        feeds, items = made.archive(weeks, 3, 2)
        made.store(warehouse, feeds, items, **more)
        build_and_publish(warehouse, NOW)
        return table_digests(warehouse.connection), mart_rows(warehouse.connection)


def mart_rows(con):
    names = [mart.name for mart in marts.marts()]
    return {n: con.execute(f"SELECT count(*), sum(hash(t)) FROM mart.{n} AS t").fetchall() for n in names}


@pytest.fixture(scope="module")
def lake(postgres, tmp_path_factory):
    """An archive on PostgreSQL and a folder, with what was stored."""
    folder = tmp_path_factory.mktemp("lake")
    place = Place(folder / "data", postgres.database(), str(folder / "files"))
    return place, *fill(place)


def test_a_lake_holds_the_same_rows_as_a_file(lake, tmp_path):
    _, tables, built = lake
    assert (tables, built) == fill(Place(tmp_path))


def test_readers_ask_a_lake_as_they_ask_a_file(lake, tmp_path):
    place = lake[0]
    fill(Place(tmp_path))
    with open_archive(place) as there, open_archive(tmp_path) as here:
        week = here.last_week()
        for ask in (
            lambda a: a.trend("Cambodia", weeks=4),
            lambda a: a.trend("KHM", source_type="news", salience="title"),
            lambda a: a.trend("KHM", as_of=1),
            lambda a: a.evidence("Cambodia", week),
            lambda a: a.partners("Thailand", least=1),
            lambda a: a.bloc("ASEAN"),
            lambda a: a.phrase("harvest"),
            lambda a: a.named("totals"),
            lambda a: a.sql("FROM trend_within('Cambodia')"),
            lambda a: a.movers(),
        ):
            assert ask(there).equals(ask(here), null_equal=True)
        assert there.path.name == "vintage 1"
    assert published_mark(place) == (1,)


@pytest.mark.parametrize(
    "query",
    [
        "FROM postgres_query('__ducklake_metadata_warehouse', 'SELECT 1')",
        "SELECT * FROM (FROM postgres_scan('host=127.0.0.1', 'public', 'x'))",
        "FROM query('FROM base.feeds')",
        "FROM read_text('/etc/hostname')",
        "ATTACH 'host=127.0.0.1' AS other (TYPE postgres)",
        "DELETE FROM base.feeds",
    ],
)
def test_readers_reach_nothing_else(lake, query):
    with open_archive(lake[0]) as archive, pytest.raises(QueryError):
        archive.sql(query)


def test_readers_stay_at_a_vintage_and_follow_the_next(postgres, tmp_path, monkeypatch):
    monkeypatch.setattr("monitor.queries.lake._LOOK", 0.0)
    place = Place(tmp_path / "data", postgres.database(), str(tmp_path / "files"))
    fill(place)
    feeds, items = made.archive(6, 3, 2)
    fresh = made.article(feeds[0].feed_id, "new", "2026-11-18", made.FILLER[0] + " Cambodia")
    with open_archive(place) as archive, Warehouse.open(place, clock) as warehouse:
        before = archive.sql("SELECT count(*) FROM articles").rows()
        made.store(warehouse, feeds, [*items, fresh], run_id="r2")
        assert archive.sql("SELECT count(*) FROM articles").rows() == before  # not built, checked, marked yet
        assert build_and_publish(warehouse, LATER).name == "vintage 2"
        assert build_and_publish(warehouse, LATER) is None
        assert archive.sql("SELECT count(*) FROM articles").rows() == [(before[0][0] + 1,)]
        assert archive.path.name == "vintage 2"
        assert archive.diff(1, 2).height > 0


def test_the_later_of_two_writers_is_refused_and_tried_again(tmp_path):
    """Without PostgreSQL's queue: the row that every write touches is what keeps two from both being first."""
    pytest.importorskip("duckdb_extension_sqlite_scanner", reason="monitor[ducklake] is missing")
    place = Place(tmp_path / "a", f"ducklake:{tmp_path / 'catalogue.ducklake'}", str(tmp_path / "files"))
    feeds, items = made.archive(2, 2, 2)
    with Warehouse.open(place, clock) as one:
        made.store(one, feeds, items)
        two = Warehouse(place, one.connection.cursor(), one._lock, clock)
        two.connection.execute(statements("store/lake.sql")["use"])
        extra = [made.article(feeds[0].feed_id, f"x{n}", "2026-11-18", "Cambodia") for n in range(2)]
        one.connection.begin()
        one.connection.execute(statements("store/lake.sql")["token"])
        tried = []

        def second():
            tried.append(two.load(made.batch(extra), NOW).articles)

        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.3)
        one.connection.commit()
        thread.join(30)
        assert tried == [2]
        assert two.load(made.batch(extra), NOW).articles == 0
        two.connection.close()


def test_a_conflict_has_a_name(postgres, tmp_path):
    place = Place(tmp_path / "data", postgres.database(), str(tmp_path / "files"))
    with Warehouse.open(place, clock) as warehouse:
        con, other = warehouse.connection, warehouse.connection.cursor()
        other.execute(statements("store/lake.sql")["use"])
        from monitor.store.transaction import transaction

        with pytest.raises(ConflictError, match="another writer"), transaction(con):
            other.execute(statements("store/lake.sql")["token"])
        other.close()


WRITER = """
import sys, json
from pathlib import Path
from monitor.records import Place
from monitor.store import Warehouse
from tests.sql import made
place = Place(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
feeds, items = made.archive(4, 2, 3)
with Warehouse.open(place, lambda: made.NOW) as warehouse:
    for start in range(0, len(items), 3):
        warehouse.load(made.batch(items[start:start + 3]), made.NOW)
"""


def test_two_writers_of_the_same_articles_store_each_once(postgres, tmp_path):
    place = Place(tmp_path / "data", postgres.database(), str(tmp_path / "files"))
    feeds, items = made.archive(4, 2, 3)
    with Warehouse.open(place, clock) as warehouse:
        made.store(
            warehouse,
            feeds,
            [],
            polls=[made.poll(f.feed_id, [i for i in items if i.feed_id == f.feed_id]) for f in feeds],
        )
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path / f"data{n}"), place.warehouse, place.files],
            env={**os.environ, "PYTHONPATH": str(servers.ROOT)},
        )
        for n in range(2)
    ]
    assert [w.wait(60) for w in writers] == [0, 0]
    with Warehouse.open(place, clock) as warehouse:
        found = warehouse.frame("SELECT count(*) AS n, count(DISTINCT article_id) AS d FROM base.articles").rows()
        assert found == [(len(items), len(items))]
        build_and_publish(warehouse, NOW)  # its checks find no duplicates


def test_compaction_keeps_rows_and_the_last_vintages(postgres, tmp_path, monkeypatch):
    monkeypatch.setattr("monitor.queries.lake._LOOK", 3600.0)
    place = Place(tmp_path / "data", postgres.database(), str(tmp_path / "files"))
    tables, built = fill(place)
    with open_archive(place) as archive:
        before = archive.trend("Cambodia")
        done = compact(place, lambda: LATER + timedelta(days=400), timedelta(hours=1))
        assert done.expired > 10
        assert done.after.snapshots < done.before.snapshots
        assert archive.trend("Cambodia").equals(before, null_equal=True)  # still at its snapshot
    with Warehouse.open(place, clock) as warehouse:
        assert (table_digests(warehouse.connection), mart_rows(warehouse.connection)) == (tables, built)
        assert size(warehouse.connection).files > 0
        months = warehouse.connection.execute(statements("store/lake.sql")["unpartitioned"]).fetchall()
    assert not months
    assert list((tmp_path / "files").rglob("base/mentions/year=*/month=*/*.parquet"))
    with pytest.raises(UsageError, match="a file"):
        compact(Place(tmp_path), clock, timedelta(1))


def test_copies_both_ways_are_the_same_and_go_on(postgres, tmp_path, monkeypatch):
    file, back = Place(tmp_path / "file"), Place(tmp_path / "back")
    lake = Place(tmp_path / "lake", postgres.database(), str(tmp_path / "files"))
    tables, built = fill(file)
    import monitor.store.copy as copying

    whole, count = copying._copy_chunk, []

    def breaks(*arguments):
        count.append(arguments)
        if len(count) == 12:
            raise KeyboardInterrupt
        whole(*arguments)

    monkeypatch.setattr(copying, "_copy_chunk", breaks)
    with pytest.raises(KeyboardInterrupt):
        copy_archive(file, lake, clock)
    done = copy_archive(file, lake, clock)
    assert 0 < sum(t.copied for t in done.tables) < sum(t.rows for t in done.tables)  # the rest was there already
    assert copy_archive(file, lake, clock).published is None
    assert done.published.name == "vintage 1"
    assert sum(t.copied for t in copy_archive(lake, back, clock).tables) == sum(t.rows for t in done.tables)
    for place in (lake, back):
        with Warehouse.open(place, clock) as warehouse:
            assert (table_digests(warehouse.connection), mart_rows(warehouse.connection)) == (tables, built)
    with open_archive(back) as archive:
        assert archive.vintages().height == 1


def test_a_copy_of_nothing_or_of_itself_is_refused(tmp_path):
    with pytest.raises(UsageError, match="no warehouse"):
        copy_archive(Place(tmp_path / "a"), Place(tmp_path / "b"), clock)
    with pytest.raises(UsageError, match="same place"):
        copy_archive(Place(tmp_path), Place(tmp_path), clock)


def test_data_may_lie_in_an_object_store(postgres, s3, tmp_path, monkeypatch):
    for name, value in {"ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test", "REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    place = Place(tmp_path / "data", postgres.database(), "s3://archive/one", s3)
    tables, built = fill(place)
    compact(place, lambda: LATER, timedelta(0))
    with Warehouse.open(place, clock) as warehouse:
        assert (table_digests(warehouse.connection), mart_rows(warehouse.connection)) == (tables, built)
        assert size(warehouse.connection).files > 0
    with open_archive(place) as archive:
        assert archive.trend("Cambodia").height == 6


def test_a_lake_of_a_newer_program_is_refused(postgres, tmp_path):
    place = Place(tmp_path / "data", postgres.database(), str(tmp_path / "files"))
    with Warehouse.open(place, clock) as warehouse:
        step = replace(migrations()[-1], number=999)
        record = statements("store/migrate.sql")["record"]
        warehouse.connection.execute(record, [step.number, step.name, step.digest, NOW])
    with pytest.raises(SchemaVersionError, match="newer program"):
        Warehouse.open(place, clock)


def test_what_cannot_be_reached_is_said_plainly(tmp_path):
    nowhere = "ducklake:postgres:dbname=x host=127.0.0.1 port=9 connect_timeout=2"
    with pytest.raises(DataFolderError, match="cannot be opened"):
        Warehouse.open(Place(tmp_path, nowhere), clock)
    with pytest.raises(DataFolderError):
        open_archive(Place(tmp_path, f"ducklake:{tmp_path / 'empty.ducklake'}"))


def test_the_extensions_are_signed():
    con = duckdb.connect()
    assert con.execute("SELECT current_setting('allow_unsigned_extensions')").fetchall() == [(False,)]
