import contextlib
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from monitor import marts, publish
from monitor.errors import DataFolderError, QueryError, UnknownEntityError
from monitor.queries import open_archive
from monitor.store.vintages import record
from tests.sql import made


def grow(warehouse, number):
    item = made.article("source0", f"new{number}", "2026-11-18", "Cambodia met ASEAN again and again in a long week.")
    warehouse.save_polls(f"r{number}", [made.poll("source0", [item])], made.NOW)
    warehouse.load(made.batch([item], f"r{number}"))
    marts.refresh(warehouse)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with an archive that was never published, closed."""
    folder = tmp_path_factory.mktemp("built")
    with made.open_warehouse(folder) as opened:
        made.store(opened, *made.archive(weeks=3))
        marts.refresh(opened)
    return folder


@pytest.fixture
def warehouse(built, tmp_path):
    """A copy of it to work on."""
    with made.open_warehouse(shutil.copytree(built, tmp_path / "data")) as opened:
        yield opened


def test_a_publish_is_a_new_numbered_copy_and_the_last_two_are_kept(warehouse):
    names = []
    for number in range(3):
        grow(warehouse, number)
        names.append(publish.publish(warehouse, made.NOW).name)
    assert names == ["monitor-1.duckdb", "monitor-2.duckdb", "monitor-3.duckdb"]
    assert sorted(p.name for p in (warehouse.data / "published").iterdir()) == names[1:]
    assert (warehouse.data / "monitor.duckdb").resolve().name == names[2]
    assert str((warehouse.data / "monitor.duckdb").readlink()) == "published/monitor-3.duckdb"


def test_nothing_new_is_not_published(warehouse):
    assert publish.publish(warehouse, made.NOW)
    assert publish.publish(warehouse, made.NOW) is None
    marts.refresh(warehouse)
    assert publish.publish(warehouse, made.NOW) is None
    (warehouse.data / "monitor.duckdb").unlink()
    assert publish.publish(warehouse, made.NOW).name == "monitor-1.duckdb"


def test_a_number_whose_copy_was_lost_in_a_crash_is_published_again(warehouse):
    first = publish.publish(warehouse, made.NOW)
    grow(warehouse, 1)
    record(warehouse.connection, 2, made.NOW, first)
    assert publish.publish(warehouse, made.NOW).name == "monitor-2.duckdb"


@pytest.mark.parametrize("damage", [Path.unlink, lambda p: os.truncate(p, 40_000), lambda p: p.write_text("mine")])
def test_a_damaged_copy_is_published_again_though_nothing_changed(warehouse, damage):
    damage(publish.publish(warehouse, made.NOW))
    with pytest.raises(DataFolderError, match="monitor run"):
        open_archive(warehouse.data)
    assert publish.publish(warehouse, made.NOW).name == "monitor-1.duckdb"
    assert publish.publish(warehouse, made.NOW) is None
    with open_archive(warehouse.data) as archive:
        assert archive.trend("Cambodia").height == 3


def test_an_open_reader_sees_the_next_copy_when_it_asks(warehouse):
    publish.publish(warehouse, made.NOW)
    with open_archive(warehouse.data) as archive:
        before = archive.sql("SELECT count(*) AS n FROM articles")["n"][0]
        cursor = archive._published.cursor()
        for number in range(3):
            grow(warehouse, number)
            publish.publish(warehouse, made.NOW)
        assert archive.sql("SELECT count(*) AS n FROM articles")["n"][0] == before + 3
        assert cursor.execute("SELECT count(*) FROM articles").fetchone()[0] == before


def test_an_open_reader_knows_an_id_as_long_as_its_copy_has_it(warehouse):
    con = warehouse.connection
    con.execute("""INSERT INTO base.entities BY NAME
        SELECT 'x-probe' AS entity_id, 'Probe' AS name, kind, listed FROM base.entities WHERE entity_id = 'KHM'""")
    publish.publish(warehouse, made.NOW)
    with open_archive(warehouse.data) as archive:
        assert archive.entity("x-probe") == "x-probe" == archive.entity("probe")
        con.execute("DELETE FROM base.entities WHERE entity_id = 'x-probe'")
        con.execute("UPDATE base.data_version SET version = version + 1")
        publish.publish(warehouse, made.NOW)
        with pytest.raises(UnknownEntityError):
            archive.entity("x-probe")
        assert archive.entity("KHM") == "KHM"


@pytest.mark.parametrize("kind", [duckdb.InternalException, duckdb.FatalException])
def test_a_reader_opens_the_copy_anew_after_duckdb_broke(warehouse, monkeypatch, kind):
    """After such an error a database answers nothing more, in whatever connection of the process."""
    publish.publish(warehouse, made.NOW)

    class Broken:
        def extract_statements(self, sql):
            raise kind("INTERNAL Error: index 0 within vector of size 0")

    with open_archive(warehouse.data) as archive:
        before = archive._published._con
        with monkeypatch.context() as patched:
            patched.setattr(archive._published, "cursor", lambda: contextlib.nullcontext(Broken()))
            with pytest.raises(QueryError, match="INTERNAL"):
                archive.weeks()
        assert archive.weeks().height == 3
        assert archive._published._con is not before


UNION = """
SELECT 1 AS arm, a.i FROM range(1500000) AS a(i) JOIN range(0, 5000000, 5) AS b(i) ON b.i = a.i WHERE a.i >= $least
UNION ALL SELECT 2, a.i FROM range(1500000) AS a(i) JOIN range(0, 5000000, 5) AS b(i) ON b.i = a.i
"""
ASK = """
import sys
from pathlib import Path
from monitor.queries import open_archive
from monitor.queries.connection import Limits
with open_archive(Path(sys.argv[1]), Limits(threads=int(sys.argv[2]))) as archive:
    sql, given = sys.argv[3], {"least": 0}
    if sys.argv[4] == "bare":
        sql, given = sql.replace("$least", "0"), {}
    found = archive.sql(sql, given)
assert found["arm"].to_list() == [1] * 300_000 + [2] * 300_000
for arm in (found["i"][:300_000], found["i"][300_000:]):
    assert sorted(arm) == list(range(0, 1_500_000, 5))
"""


@pytest.mark.parametrize("how", ["bare", "with parameters"])
@pytest.mark.parametrize("threads", ["1", "2"])
def test_a_union_of_many_rows_is_answered_whole_and_arm_by_arm(warehouse, threads, how):
    """In a process of its own: without the larger buffer DuckDB 1.5.5 waits for ever, and nothing can stop it."""
    publish.publish(warehouse, made.NOW)
    asked = [sys.executable, "-c", ASK, str(warehouse.data), threads, UNION, how]
    told = subprocess.run(asked, timeout=60, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr


def publish_under_readers(warehouse, publishes):
    """Eight readers, each asking again and again, while copies come and go under them."""
    publish.publish(warehouse, made.NOW)
    stop, errors, asked = threading.Event(), [], [0] * 8

    def read(number):
        try:
            with open_archive(warehouse.data) as archive:
                while not stop.wait(0.02):
                    assert archive.trend("Cambodia").height == 3
                    assert archive.evidence("Cambodia", made.NOW.date()).height > 0
                    asked[number] += 1
        except Exception as error:  # noqa: BLE001  whatever it is, the test must name it
            errors.append(error)

    readers = [threading.Thread(target=read, args=(n,)) for n in range(8)]
    for reader in readers:
        reader.start()
    for number in range(publishes):
        grow(warehouse, number)
        publish.publish(warehouse, made.NOW)
    stop.set()
    for reader in readers:
        reader.join()
    assert not errors
    assert min(asked) > 0


def test_readers_query_through_publishes_without_an_error(warehouse):
    publish_under_readers(warehouse, 8)


READER = """
import sys
import time
from pathlib import Path
from monitor.queries import open_archive
with open_archive(Path(sys.argv[1])) as archive:
    seen = []
    print("open", flush=True)
    while not seen or seen[-1] < int(sys.argv[2]):
        seen.append(archive.sql("SELECT max(vintage) AS v FROM vintages")["v"][0])
        assert archive.trend("Cambodia").height == 3
        assert seen == sorted(seen)
        time.sleep(0.1)
    print(len(set(seen)), flush=True)
"""


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_eight_processes_read_through_fifty_publishes(warehouse):
    """No error, no copy older than one seen before, and each reader comes to see the last."""
    publish.publish(warehouse, made.NOW)
    command = [sys.executable, "-c", READER, str(warehouse.data), "51"]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(8)]
    assert [reader.stdout.readline() for reader in readers] == ["open\n"] * 8
    for number in range(50):
        grow(warehouse, number)
        publish.publish(warehouse, made.NOW)
    for reader in readers:
        said, wrong = reader.communicate(timeout=300)
        assert reader.returncode == 0, wrong
        assert int(said) > 2


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_eight_threads_read_through_fifty_publishes(warehouse):
    publish_under_readers(warehouse, 50)


def test_too_little_space_is_refused_with_figures(warehouse, monkeypatch):
    first = publish.publish(warehouse, made.NOW)
    grow(warehouse, 1)
    usage = os.statvfs_result((4096, 4096, 100, 10, 10, 100, 10, 10, 0, 255))
    monkeypatch.setattr("os.statvfs", lambda path: usage)
    with pytest.raises(DataFolderError, match=r"needs \d+ MB"):
        publish.publish(warehouse, made.NOW)
    monkeypatch.undo()
    assert (warehouse.data / "monitor.duckdb").resolve() == first
    assert publish.publish(warehouse, made.NOW).name == "monitor-2.duckdb"


def test_a_vintage_keeps_what_was_published(warehouse):
    publish.publish(warehouse, made.NOW)
    with open_archive(warehouse.data) as archive:
        first = archive.trend("Cambodia").select("week", "articles", "stories", "mentions", "share")
    for number in range(2):
        grow(warehouse, number)
        publish.publish(warehouse, made.NOW)
    with open_archive(warehouse.data) as archive:
        assert archive.trend("Cambodia", as_of=1).select(first.columns).equals(first)
        now = archive.trend("Cambodia").select(first.columns)
        assert archive.trend("Cambodia", as_of=3).select(first.columns).equals(now)
        assert not now.equals(first)
        changed = archive.diff(1, 3).filter(entity_id="KHM").to_dicts()
        assert [(str(r["week"]), r["articles_after"] - r["articles_before"]) for r in changed] == [("2026-11-16", 2)]


def test_a_failed_check_names_what_it_found(warehouse):
    item = made.article("source0", "broken", "2026-11-18", "Cambodia met ASEAN.")
    wrong = [m._replace(char_start=m.char_start + 1, char_end=m.char_end + 1) for m in made.mentions_of(item)]
    warehouse.save_polls("r2", [made.poll("source0", [item])], made.NOW)
    warehouse.load(made.batch([item], "r2", mentions={item.article_id: tuple(wrong)}))
    marts.refresh(warehouse)
    [failure] = marts.check(warehouse)
    assert failure.name == "mention_spans"
    assert "2 rows (a mention's span does not say its surface, or stands twice), such as article_id" in str(failure)
    assert str(marts.refusal([failure])).startswith("1 data check failed,")
