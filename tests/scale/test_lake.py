import os
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import duckdb
import polars as pl
import pytest

from monitor import marts
from monitor.config import load_settings
from monitor.errors import ConflictError, DataFolderError, QueryError, SchemaVersionError, UsageError
from monitor.pipeline.forget import forget
from monitor.pipeline.move import compact, copy_archive
from monitor.pipeline.run import build_and_publish
from monitor.queries import open_archive, published_mark
from monitor.queries.connection import Published
from monitor.records import Place
from monitor.schedules import load_schedules
from monitor.service import backup
from monitor.sqlfiles import statements
from monitor.store import Warehouse, retag
from monitor.store.copy import table_digests
from monitor.store.forget import wipe
from monitor.store.migrate import migrations
from monitor.store.tidy import size
from monitor.store.transaction import again_on_conflict, transaction
from tests.scale import servers
from tests.scale.servers import lake_of
from tests.sql import made
from tests.sql.desk import Desk, tag_all_as

NOW = made.NOW
LATER = NOW + timedelta(days=2)


def clock():
    return NOW


def fill(place, weeks=4, **more):
    with Warehouse.open(place, clock) as warehouse:
        feeds, items = made.archive(weeks, 3, 2)
        made.store(warehouse, feeds, items, **more)
        build_and_publish(warehouse, NOW)
        return table_digests(warehouse.connection), mart_rows(warehouse.connection)


def mart_rows(con):
    """Rows and digest of each mart; sums of fractions differ in the last digits by the order of their rows."""
    frames = {mart.name: con.sql(f"FROM mart.{mart.name}").pl() for mart in marts.marts()}
    rounded = {name: f.with_columns(pl.selectors.float().round(9) + 0.0) for name, f in frames.items()}
    return {name: (f.height, f.hash_rows().cast(pl.Int128).sum()) for name, f in rounded.items()}


@pytest.fixture(scope="module")
def lake(postgres, tmp_path_factory):
    """An archive on PostgreSQL and a folder, with what was stored."""
    folder = tmp_path_factory.mktemp("lake")
    place = lake_of(folder, postgres.database())
    return place, *fill(place)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """The same in a file."""
    place = Place(tmp_path_factory.mktemp("file"))
    return place, *fill(place)


@pytest.fixture(scope="module")
def reader(lake):
    with open_archive(lake[0]) as archive:
        yield archive


def test_a_lake_holds_the_same_rows_as_a_file(lake, file):
    assert lake[1:] == file[1:]


def test_readers_ask_a_lake_as_they_ask_a_file(lake, reader, file):
    there = reader
    with open_archive(file[0]) as here:
        week = here.last_week()
        for ask in (
            lambda a: a.trend("Cambodia", weeks=4),
            lambda a: a.trend("KHM", source_type="news", salience="title"),
            lambda a: a.trend("KHM", as_of=1),
            lambda a: a.evidence("Cambodia", week),
            lambda a: a.sql("FROM evidence_by_id('KHM', $week)", {"week": week}),
            lambda a: a.sql("FROM trend_as_of('Cambodia', 1)"),
            lambda a: a.partners("Thailand", least_articles=1),
            lambda a: a.bloc("ASEAN"),
            lambda a: a.phrase("harvest"),
            lambda a: a.named("totals"),
            lambda a: a.search("harvest"),
            lambda a: a.sql("FROM trend_within('Cambodia')"),
            lambda a: a.partners("Thailand", least_articles=1, source_type="news"),
            lambda a: a.named("source_trends", {"entity": "KHM", "source_type": "news"}).drop("source_equal"),
            lambda a: a.named("to_date", {"source_type": "news"}),
            lambda a: a.sql("SELECT $k AS k, week FROM weeks UNION SELECT 2, week FROM weeks ORDER BY ALL", {"k": 1}),
            lambda a: a.movers(),
        ):
            assert ask(there).equals(ask(here), null_equal=True)
        assert there.path.name == "vintage 1"
    assert published_mark(lake[0]) == (0, 1)


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
def test_readers_reach_nothing_else(reader, query):
    with pytest.raises(QueryError):
        reader.sql(query)


def test_readers_stay_at_a_vintage_and_follow_the_next(postgres, tmp_path, monkeypatch):
    monkeypatch.setattr("monitor.queries.lake._LOOK", 0.0)
    place = lake_of(tmp_path, postgres.database())
    fill(place)
    feeds, items = made.archive(4, 3, 2)
    fresh = made.article(feeds[0].feed_id, "new", "2026-11-18", made.FILLER[0] + " Cambodia")
    count = "SELECT count(*) FROM articles"
    with open_archive(place) as archive, open_archive(place) as slow:
        before = archive.sql(count).rows()
        with Warehouse.open(place, clock) as warehouse:
            made.store(warehouse, feeds, [*items, fresh], run_id="r2")
            assert archive.sql(count).rows() == before  # not built, checked and marked yet
            with monkeypatch.context() as patience:
                patience.setattr(slow._published, "_looked_at", float("inf"))  # it does not look for the next
                assert slow.sql(count).rows() == before
                assert build_and_publish(warehouse, LATER).name == "vintage 2"
                assert build_and_publish(warehouse, LATER) is None
                assert archive.sql(count).rows() == [(before[0][0] + 1,)]
                assert archive.diff(1, 2).height > 0
                tables, built = table_digests(warehouse.connection), mart_rows(warehouse.connection)
                assert slow.sql(count).rows() == before
                done = compact(place, lambda: LATER + timedelta(days=400), timedelta(hours=1))
                assert slow.sql(count).rows() == before  # its vintage is kept, though its rows were moved
            assert (table_digests(warehouse.connection), mart_rows(warehouse.connection)) == (tables, built)
            assert not warehouse.connection.execute(statements("store/lake.sql")["unpartitioned"]).fetchall()
        assert archive.sql(count).rows() == [(before[0][0] + 1,)]
        assert archive.path.name == "vintage 2"
    assert done.expired > 10
    assert done.after.snapshots < done.before.snapshots
    assert list((tmp_path / "files").rglob("base/mentions/year=*/month=*/*.parquet"))


def test_a_reader_that_compaction_overtook_asks_again(reader, monkeypatch):
    asked = []

    def frame(self, sql, params=None, *, exact=False):
        asked.append(self._con)
        if len(asked) == 1:
            raise QueryError("TransactionContext Error: Current transaction is aborted (please ROLLBACK)")
        return whole(self, sql, params, exact=exact)

    whole = Published.frame
    monkeypatch.setattr(Published, "frame", frame)
    assert reader.sql("SELECT 1 AS n").rows() == [(1,)]
    assert len(asked) == 2
    assert asked[1] is None  # a fresh connection


def test_a_file_needs_no_compaction(tmp_path):
    with pytest.raises(UsageError, match="a file"):
        compact(Place(tmp_path), clock, timedelta(1))


def test_the_later_of_two_writers_is_refused_and_tried_again(tmp_path):
    """Without PostgreSQL's queue: the row that every write touches keeps two from both being first."""
    with Warehouse.open(lake_of(tmp_path), clock) as warehouse:
        con, other = warehouse.connection, warehouse.connection.cursor()
        other.execute(statements("store/lake.sql")["use"])
        tries = []

        @again_on_conflict
        def write():
            tries.append("tried")
            with transaction(con):
                if len(tries) == 1:
                    other.execute(statements("store/lake.sql")["token"])
                con.execute(statements("store/runs.sql")["start"], {"run_id": "r", "now": NOW})

        write()
        assert len(tries) == 2
        assert warehouse.frame("SELECT run_id FROM base.runs").rows() == [("r",)]
        other.close()


def test_a_conflict_has_a_name(tmp_path):
    place = lake_of(tmp_path)
    with Warehouse.open(place, clock) as warehouse:
        con, other = warehouse.connection, warehouse.connection.cursor()
        other.execute(statements("store/lake.sql")["use"])
        with pytest.raises(ConflictError, match="another writer"), transaction(con):
            other.execute(statements("store/lake.sql")["token"])
        other.close()


WRITER = """
import sys, json
from pathlib import Path
from monitor.records import Place
from monitor.store import Warehouse, retag
from tests.sql import made
from tests.sql.desk import Desk, tag_all_as
place = Place(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
feeds, items = made.archive(4, 2, 3)
with Warehouse.open(place, lambda: made.NOW) as warehouse:
    for start in range(0, len(items), 3):
        warehouse.load(made.batch(items[start:start + 3]))
"""


@pytest.mark.long
def test_two_writers_of_the_same_articles_store_each_once(postgres, tmp_path):
    place = lake_of(tmp_path, postgres.database())
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


def test_copies_both_ways_are_the_same_and_go_on(file, tmp_path, monkeypatch):
    (filled, tables, built), back, lake = file, Place(tmp_path / "back"), lake_of(tmp_path)
    file = Place(shutil.copytree(filled.data, tmp_path / "file", symlinks=True))
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


def test_data_may_lie_in_an_object_store(s3, tmp_path, monkeypatch):
    for name, value in {"ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test", "REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    place = lake_of(tmp_path, files="s3://archive/one", endpoint=s3)
    feeds, items = made.archive(1, 2, 2)
    with Warehouse.open(place, clock) as warehouse:
        made.store(warehouse, feeds, items)
        before = table_digests(warehouse.connection)
    compact(place, lambda: LATER, timedelta(0))
    with Warehouse.open(place, clock) as warehouse:
        assert size(warehouse.connection).files > 0
        assert table_digests(warehouse.connection) == before
    assert not (tmp_path / "files").exists()


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


def lived(place):
    """What is kept of an archive that all happened to; each publish makes a vintage."""
    desk = Desk(place)
    rng = random.Random(7)
    piece = lambda feed, key, day, *names: made.article(  # noqa: E731
        feed, key, day, made.paragraph(rng, 80, list(names)), f"Piece {key}"
    )
    box = "\nThe Cambodia desk thanks all of its readers for their patience."
    desk.declare(*(made.feed(f) for f in "abc"))
    desk.zone("UTC")
    desk.arrive(*(piece(f, f"old{k}", f"2026-1{k}-1{k}", "Cambodia") for f in "abc" for k in (0, 1)), first=True)
    desk.publish()
    boxed = piece("b", "boxed0", "2026-11-12", "Thailand")
    boxed = [made.article("b", f"boxed{k}", "2026-11-12", boxed.text[5 * k :] + box, "Boxed") for k in range(3)]
    desk.arrive(*boxed, piece("a", "wire", "2026-11-17", "Cambodia", "Thailand"))
    desk.arrive(piece("b", "early", "2025-11-10", "Cambodia"), backfilled=True)
    desk.publish()
    desk.retag("t2", tag_all_as("KHM", "Thailand"))
    desk.declare(made.feed("b", "a", source_type="news"), made.feed("d"))
    desk.arrive(piece("d", "new", "2026-11-16", "Cambodia"), first=True)
    desk.publish()
    desk.forget("https://a.example/old1")
    desk.zone("Asia/Phnom_Penh")
    desk.publish()
    retag.prune(desk.warehouse.connection)
    con = desk.warehouse.connection
    kept = table_digests(con), mart_rows(con)
    with open_archive(place) as archive:
        told = [archive.diff(1, n) for n in (2, 3, 4)], archive.diff_events(1, 4).rows()
    wipe(desk.warehouse)
    assert (table_digests(con), mart_rows(con)) == kept
    desk.close()
    return kept, told


@pytest.mark.long
def test_a_lake_goes_through_all_that_a_file_goes_through(postgres, tmp_path):
    place = lake_of(tmp_path, postgres.database())
    (kept_there, (parts_there, events_there)), (kept, (parts, events)) = lived(place), lived(Place(tmp_path / "file"))
    assert kept_there == kept
    assert events_there == events
    for one, other in zip(parts_there, parts, strict=True):
        assert one.equals(other)
    assert set(parts[2]["reason"]) >= {"backfill", "sources", "retag", "forgotten"}


def test_what_is_forgotten_is_in_no_file_and_no_snapshot_of_a_lake(tmp_path):
    place = lake_of(tmp_path)
    fill(place)
    compact(place, lambda: LATER, timedelta(0))
    with Warehouse.open(place, clock) as warehouse:
        url, title = warehouse.frame("SELECT canonical_url, title FROM base.articles ORDER BY ALL LIMIT 1").row(0)
        assert holding(warehouse, tmp_path, title)
    done = forget(place, url, lambda: datetime.now(UTC))
    assert (done.found.articles, done.published.name, done.backups) == (1, "vintage 2", 0)
    with Warehouse.open(place, clock) as warehouse:
        assert holding(warehouse, tmp_path, title) == []
        assert size(warehouse.connection).snapshots <= 3
        table_digests(warehouse.connection)
    with open_archive(place) as archive:
        assert archive.sql("SELECT count(*) AS n FROM articles WHERE canonical_url = $url", {"url": url})["n"][0] == 0
        assert archive.trend("Cambodia").height > 0


def holding(warehouse, folder, text):
    """The data files that hold a text, and the tables."""
    con = warehouse.connection
    tables = con.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = 'warehouse'"
    )
    sources = [f"'{path}'" for path in folder.rglob("*.parquet")] + [name for (name,) in tables.fetchall()]
    query = "SELECT count(*) FROM {} AS t WHERE contains(t::VARCHAR, $text)"
    return [s for s in sources if con.execute(query.format(s), {"text": text}).fetchall()[0][0]]


def test_a_lake_is_not_backed_up_from_here(tmp_path):
    settings = load_settings({"data": tmp_path, "warehouse": "ducklake:x.ducklake"})
    with pytest.raises(UsageError, match="pg_dump"):
        backup(settings, clock)
    assert [s.active for s in load_schedules(settings) if s.flow == "backup"] == [False]
    assert [s.active for s in load_schedules(load_settings({"data": tmp_path})) if s.flow == "backup"] == [True]


@pytest.mark.long
def test_a_second_copy_brings_what_came_since_and_builds_anew(tmp_path):
    file, lake = Place(tmp_path / "file"), lake_of(tmp_path)
    fill(file)
    copy_archive(file, lake, clock)
    with Warehouse.open(file, clock) as warehouse:
        feeds, items = made.archive(4, 3, 2)
        fresh = made.article(feeds[0].feed_id, "new", "2026-11-18", made.FILLER[0] + " Cambodia")
        made.store(warehouse, feeds, [*items, fresh], run_id="r2")
        build_and_publish(warehouse, LATER)
        wanted = mart_rows(warehouse.connection)
    copy_archive(file, lake, lambda: LATER)
    with Warehouse.open(lake, clock) as warehouse:
        assert mart_rows(warehouse.connection) == wanted


@pytest.mark.parametrize("kind", ["a file", "postgres"])
def test_weeks_are_found_after_rows_were_deleted_and_files_written_anew(kind, request, tmp_path):
    """One article has no week: DuckLake forgets the range of a column when a file of NULLs alone is in the table."""
    catalogue = request.getfixturevalue("postgres").database() if kind == "postgres" else None
    place = lake_of(tmp_path, catalogue)
    feeds, items = made.archive(6, 3, 2)
    items.append(made.article("source0", "undated", None, "Cambodia spoke of Thailand."))
    old = "SELECT count(*) AS n FROM base.mentions WHERE week = DATE '2026-10-12'"
    with Warehouse.open(place, clock) as warehouse:
        made.store(warehouse, feeds, items)
        build_and_publish(warehouse, NOW)
        before = warehouse.frame(old)["n"][0]
    assert before > 0
    forget(place, items[0].url, lambda: NOW + timedelta(hours=1))
    new = made.article("source1", "new", "2026-11-18", "Cambodia met ASEAN.")
    with Warehouse.open(place, clock) as warehouse:
        made.store(warehouse, feeds, [new], polls=[made.poll("source1", [new])], run_id="r2")
        build_and_publish(warehouse, NOW + timedelta(hours=2))
        assert warehouse.frame(old)["n"][0] == before
        assert marts.check(warehouse) == []
