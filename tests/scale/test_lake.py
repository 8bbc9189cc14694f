"""A lake is as a file: its rows and answers, copies both ways, and all that happens to an archive."""

import random
import shutil
from datetime import timedelta

import pytest

from monitor import marts
from monitor.errors import QueryError, UsageError
from monitor.pipeline.forget import forget
from monitor.pipeline.move import compact, copy_archive
from monitor.pipeline.run import build_and_publish
from monitor.queries import open_archive, published_mark
from monitor.queries.connection import Published
from monitor.records import Place
from monitor.sqlfiles import statements
from monitor.store import Warehouse, retag
from monitor.store.copy import table_digests
from monitor.store.forget import wipe
from tests.scale.filling import LATER, NOW, clock, fill, mart_rows
from tests.scale.servers import lake_of
from tests.sql import made
from tests.sql.desk import Desk, tag_all_as


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
