import shlex
import shutil

import duckdb
import pytest
from click.testing import CliRunner

from monitor import marts
from monitor.backup import back_up
from monitor.cli import cli
from monitor.cli.forget import _say
from monitor.errors import UsageError
from monitor.feeds_file import read_feeds
from monitor.pipeline.forget import Forgotten, find_forgettable, forget
from monitor.pipeline.run import collect
from monitor.records import Feed
from monitor.store import Warehouse
from monitor.store.forget import Forgettable, bury, compact, look
from tests.integration.press import NOW, Press, serving
from tests.integration.test_collect import settings
from tests.sql import made
from tests.sql.desk import Desk

LATER = NOW.replace(hour=14)


@pytest.fixture(scope="module")
def press():
    with serving(Press()) as press:
        yield press


@pytest.fixture(scope="module")
def archive(press, tmp_path_factory):
    """An archive that was published twice and backed up."""
    folder = tmp_path_factory.mktemp("archive")
    run(press, folder, NOW)
    press.entries += 1
    run(press, folder, NOW.replace(minute=30))
    press.entries -= 1
    back_up(folder / "data", lambda: NOW, 3)
    return folder / "data"


@pytest.fixture
def data(archive, tmp_path):
    """A copy of it to work on."""
    return shutil.copytree(archive, tmp_path / "data", symlinks=True)


def run(press, tmp_path, now, text=None):
    feeds = read_feeds(text or press.feeds_toml(), "feeds.toml")
    return collect(settings(tmp_path), feeds, lambda: now, all_=True)


def rows(data, sql):
    with duckdb.connect(str((data / "monitor.duckdb").resolve()), read_only=True) as con:
        return con.execute(sql).fetchall()


def files_that_hold(data, *words):
    """Files of the data folder with any of the words as it is stored uncompressed, or as DuckDB reads it."""
    found = set()
    for path in data.rglob("*"):
        if path.is_file() and any(word.encode() in path.read_bytes() for word in words):
            found.add(path.name)
        if path.is_file() and path.suffix == ".duckdb" and not path.is_symlink() and holds(path, words):
            found.add(path.name)
    return found


def holds(path, words):
    with duckdb.connect(str(path), read_only=True) as con:
        tables = con.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()
        said = " OR ".join(["contains(row, ?)"] * len(words))
        return any(
            con.execute(
                f'SELECT count(*) FROM (SELECT t::VARCHAR AS row FROM {schema}."{table}" AS t) WHERE {said}', words
            ).fetchone()[0]
            for schema, table in tables
        )


# words of item 0-2 alone, long enough that no compression hides all of them
MARKS = ("item 0-2-", "matter 0-2-", "paper 0-2-")


def reconciles(data):
    with Warehouse.open(data, lambda: LATER) as warehouse:
        assert marts.check(warehouse) == []
        return warehouse.frame(
            "SELECT count(*) AS n, sum((outcome IN ('stored', 'duplicate', 'refused', 'failed', 'pending'))::INT) AS m "
            "FROM base.entries GROUP BY run_id"
        ).rows()


def test_the_marks_are_in_the_files_before(press, data):
    assert files_that_hold(data, *MARKS) >= {"warehouse.duckdb", "monitor-1.duckdb", "monitor-2.duckdb"}


def test_an_article_is_gone_from_every_table_and_every_file(press, data):
    before = rows(data, "SELECT count(*) FROM articles")[0][0]
    done = forget(data, press.page_url(0, 2), lambda: LATER, reason="asked for")
    assert (done.found.articles, done.found.entries, done.copies, done.backups) == (1, 1, 1, 1)
    assert files_that_hold(data, *MARKS, "Item 0-2") == set()
    assert sorted(p.name for p in data.rglob("*.duckdb")) == ["monitor-3.duckdb", "monitor.duckdb", "warehouse.duckdb"]
    assert rows(data, "SELECT count(*) FROM articles") == [(before - 1,)]
    assert rows(data, "SELECT kind, value, reason FROM base.tombstones") == [
        ("url", press.page_url(0, 2).replace("http:", "https:"), "asked for")
    ]
    assert rows(data, "SELECT count(*) FROM fetches WHERE url LIKE '%/a/0/2%'") == [(0,)]


def test_every_run_still_adds_up_and_all_checks_hold(press, data):
    forget(data, press.page_url(0, 2), lambda: LATER)
    assert all(n == of for n, of in reconciles(data))
    assert rows(data, "SELECT outcome, reason, title, url FROM entries WHERE outcome <> 'stored'") == [
        ("refused", "forgotten", "", None)
    ]
    assert rows(data, "SELECT count(*) FROM entries") == [(20 + 1,)]


def test_the_rest_of_the_archive_is_as_it_was(press, data):
    query = "SELECT * EXCLUDE (story_id) FROM articles WHERE title <> 'Item 0-2' ORDER BY article_id"
    gone = "(SELECT article_id FROM articles WHERE title = 'Item 0-2')"
    mentions = f"SELECT * FROM mentions WHERE article_id NOT IN {gone} ORDER BY ALL"
    before = rows(data, query), rows(data, mentions), rows(data, "SELECT * FROM runs ORDER BY run_id")
    forget(data, press.page_url(0, 2), lambda: LATER)
    assert (rows(data, query), rows(data, mentions), rows(data, "SELECT * FROM runs ORDER BY run_id")) == before


def test_a_forgotten_article_does_not_come_back(press, data):
    forget(data, press.page_url(0, 2), lambda: LATER)
    asked = press.hits["/a/0/2"]
    press.broken["/feed/1.xml"] = (200, "application/rss+xml", press.feed(0))  # another feed shows it too
    try:
        report = run(press, data.parent, LATER.replace(minute=10))
    finally:
        press.broken.clear()
    assert report.counts["refused"] == 1
    assert press.hits["/a/0/2"] == asked
    assert rows(data, "SELECT count(*) FROM articles WHERE title = 'Item 0-2'") == [(0,)]


def test_a_pending_entry_can_be_forgotten(press, tmp_path):
    collect(settings(tmp_path, pages_per_host=3), read_feeds(press.feeds_toml(), "f"), lambda: NOW)
    data = tmp_path / "data"
    url = rows(data, "SELECT url FROM entries WHERE outcome = 'pending' ORDER BY url LIMIT 1")[0][0]
    done = forget(data, url, lambda: LATER)
    assert (done.found.articles, done.found.entries) == (0, 1)
    run(press, tmp_path, LATER)
    assert rows(data, "SELECT outcome, count(*) FROM entries GROUP BY 1 ORDER BY 1") == [("refused", 1), ("stored", 17)]


def test_a_source_goes_with_feeds_articles_and_coverage(press, data):
    done = forget(data, "press-1", lambda: LATER, reason="licence ended")
    assert (done.found.kind, done.found.articles, done.found.feeds) == ("source", 7, ("press-1",))
    for table, column in (
        ("feeds", "feed_id"),
        ("articles", "feed_id"),
        ("source_weeks", "publisher"),
        ("fetches", "feed_id"),
    ):
        assert rows(data, f"SELECT count(*) FROM {table} WHERE {column} = 'press-1'") == [(0,)], table
    assert rows(data, "SELECT count(*) FROM base.windows WHERE feed_id = 'press-1'") == [(0,)]
    assert files_that_hold(data, "item 1-2-", "Item 1-2") == set()
    assert rows(data, "SELECT kind, value FROM base.tombstones") == [("source", "press-1")]
    assert all(n == of for n, of in reconciles(data))


def test_nothing_of_a_forgotten_source_is_stored_again(press, data):
    forget(data, "press-1", lambda: LATER)
    press.entries += 2
    try:
        run(press, data.parent, LATER.replace(minute=10))
    finally:
        press.entries -= 2
    assert rows(data, "SELECT count(*) FROM articles WHERE feed_id = 'press-1'") == [(0,)]
    assert rows(data, "SELECT count(*) FROM articles")[0][0] > 14


def test_the_only_source_can_be_forgotten(tmp_path):
    with serving(Press(feeds=1)) as press:
        run(press, tmp_path, NOW)
        forget(tmp_path / "data", "press-0", lambda: LATER)
    assert rows(tmp_path / "data", "SELECT count(*) FROM articles") == [(0,)]
    assert rows(tmp_path / "data", "SELECT count(*) FROM weekly_mentions") == [(0,)]


def test_an_interrupted_forget_is_finished_by_the_next(press, data):
    with Warehouse.open(data, lambda: LATER) as warehouse:
        bury(warehouse, look(warehouse, press.page_url(0, 2)), None, LATER)
    assert "warehouse.duckdb" in files_that_hold(data, *MARKS)  # a freed block still has it
    done = forget(data, press.page_url(0, 2), lambda: LATER)
    assert done.found.is_buried
    assert files_that_hold(data, *MARKS) == set()


def test_a_fresh_file_holds_the_same_rows_in_the_same_order(press, data):
    with Warehouse.open(data, lambda: LATER) as warehouse:
        names = [n for (n,) in warehouse.connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'base'").fetchall()]  # fmt: skip
        before = {n: warehouse.frame(f"SELECT * FROM base.{n} ORDER BY rowid") for n in names}
        (data / "warehouse.compact").write_bytes(b"left by a crash")
        compact(warehouse)
        assert {
            n: warehouse.frame(f"SELECT * FROM base.{n} ORDER BY rowid").equals(f) for n, f in before.items()
        } == dict.fromkeys(names, True)
    assert not (data / "warehouse.compact").exists()


def test_a_story_keeps_a_name_when_its_first_article_goes(press, tmp_path):
    press.broken["/a/1/0"] = (200, "text/html", press.page(0, 0).replace("Item 0-0", "Item 1-0"))
    try:
        run(press, tmp_path, NOW)
    finally:
        press.broken.clear()
    data = tmp_path / "data"
    assert rows(data, "SELECT articles FROM stories WHERE articles > 1") == [(2,)]
    first = rows(data, "SELECT url FROM articles WHERE article_id = story_id AND title IN ('Item 0-0', 'Item 1-0')")
    done = forget(data, first[0][0], lambda: LATER)
    assert len(done.found.copies) == 1
    assert rows(data, "SELECT count(*) FROM articles WHERE story_id NOT IN (SELECT article_id FROM articles)") == [(0,)]


def test_a_name_of_earlier_or_coming_mentions_alone_goes_with_its_text(tmp_path):
    desk = Desk(tmp_path / "data")
    desk.declare(made.feed("a"))
    item = made.article("a", "1", "2026-11-03", "Cambodia and the Jane Doe Foundation.")
    desk.arrive(item, made.article("a", "2", "2026-11-03", "Thailand."))
    con = desk.warehouse.connection
    for table, name, more in (
        ("past_mentions", "jane-doe", ""),
        ("next_mentions", "j-d", ", false AS listed, '' AS name"),
    ):
        con.execute(f"INSERT INTO base.entities BY NAME SELECT 'x-{name}' AS entity_id, 'organisation' AS kind, "
                    f"'{name}' AS name, false AS listed")  # fmt: skip
        con.execute(f"INSERT INTO base.{table} BY NAME SELECT *, 't0' AS version{more} FROM base.mentions LIMIT 1")
        con.execute(f"UPDATE base.{table} SET entity_id = 'x-{name}', article_id = {item.article_id}")
    desk.forget(item.canonical_url)
    left = desk.warehouse.frame("SELECT entity_id FROM base.entities WHERE NOT listed")["entity_id"].to_list()
    desk.close()
    assert left == []


def test_bad_input_is_one_line_and_changes_nothing(press, data, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = sorted(p.name for p in data.rglob("*"))
    for target, words in (
        ("https://example.org/never", "no article or entry"),
        ("press-11", "did you mean press-1"),
        ("http://", "is not an http or https address"),
    ):
        with pytest.raises(UsageError, match=words):
            find_forgettable(data, target, lambda: LATER)
    asked = CliRunner().invoke(cli, ["forget", press.page_url(0, 2), "--data", str(data)])
    assert isinstance(asked.exception, UsageError)
    assert "1 articles" in asked.output
    with pytest.raises(UsageError, match="holds no warehouse"):
        forget(tmp_path / "nowhere", "press-1", lambda: LATER)
    assert sorted(p.name for p in data.rglob("*")) == before
    assert not (tmp_path / "nowhere").exists()


def test_the_command_switches_off_the_feeds_of_a_source_and_backs_up_anew(press, data, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "feeds.toml").write_text(press.feeds_toml())
    result = CliRunner().invoke(cli, ["forget", "press-1", "--yes", "--data", str(data)])
    assert result.exception is None, result.output
    assert [f.feed_id for f in read_feeds((tmp_path / "feeds.toml").read_text(), "f") if not f.active] == ["press-1"]
    assert len(list((data / "backups").iterdir())) == 1
    assert files_that_hold(data, "item 1-2-") == set()


def test_commands_that_are_advised_can_be_pasted_into_a_shell(capsys):
    found = Forgettable("url", "u", "u", 1, 1, 1, (), (), ("https://a.example/?p=1&words='x'",), is_buried=False)
    _say(Forgotten(found, None, 0, 0))
    advised = capsys.readouterr().out.splitlines()[-1]
    assert shlex.split(advised) == ["monitor", "forget", "https://a.example/?p=1&words='x'"]


def test_a_source_of_two_words_is_advised_in_quotes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with made.open_warehouse(tmp_path / "data") as warehouse:
        warehouse.sync_feeds([Feed("hill", "Hill", "https://hill.example/feed", "Hill & Sons")])
    with pytest.raises(UsageError, match="monitor forget 'Hill & Sons'` removes"):
        find_forgettable(tmp_path / "data", "hill", lambda: LATER)
