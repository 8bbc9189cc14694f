import json
import shutil

import duckdb
import pytest
from click.testing import CliRunner

from monitor.cli import cli
from monitor.cli.status import balance
from monitor.config import load_settings
from monitor.errors import FeedsFileError, LockedError, UnreachableError, UsageError
from monitor.feeds_file import read_feeds
from monitor.pipeline.feed_edit import rename
from monitor.pipeline.run import collect
from monitor.pipeline.sources import built_in
from monitor.store import Warehouse
from tests.integration.press import NOW, Press, serving
from tests.integration.test_collect import settings

LATER = NOW.replace(hour=14)
PARTS = ("stored", "duplicate", "refused", "failed", "pending")


class FrontPage(Press):
    """A press whose front page names two feeds, as sites do: the comments' first, which is empty."""

    rules = "User-agent: *\nDisallow: /a/1/\n"

    def answer(self, path):
        if path in self.broken:
            return self.broken[path]
        if path == "/":
            links = "".join(
                f'<link rel="alternate" type="application/rss+xml" title="{t}" href="{href}">'
                for t, href in (("Comments", "/comments.xml"), ("Posts", "/feed/0.xml"))
            )
            return 200, "text/html", f"<html><head><title>The Press</title>{links}</head><body><p>Hi</p></body></html>"
        if path == "/comments.xml":
            return 200, "application/rss+xml", "<rss version='2.0'><channel><title>Comments</title></channel></rss>"
        if path == "/robots.txt":
            return 200, "text/plain", self.rules
        if path == "/bare":
            return 200, "text/html", "<html><head><title>No feed</title></head><body><p>Nothing</p></body></html>"
        return super().answer(path)


@pytest.fixture
def press(knowing, tmp_path, monkeypatch):
    """A press, and an archive that knows the gazetteer, so that a first run need not read it again."""
    shutil.copytree(knowing, tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITOR_ALLOW_NETWORK", "127.0.0.0/8")
    monkeypatch.setenv("MONITOR_HOST_DELAY", "0")
    monkeypatch.setenv("MONITOR_TIMEOUT", "3")
    monkeypatch.setenv("MONITOR_EXECUTOR", "inline")
    with serving(FrontPage()) as press:
        yield press


def monitor(*args):
    """Run a command; what it printed. A MonitorError is raised as the command raises it."""
    result = CliRunner().invoke(cli, list(map(str, args)), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def own(tmp_path):
    return {f.feed_id: f for f in read_feeds((tmp_path / "feeds.toml").read_text(), "feeds.toml")}


def run(press, tmp_path, now=NOW, text=None):
    feeds = read_feeds(text or press.feeds_toml(), "feeds.toml")
    return collect(settings(tmp_path), feeds, lambda: now, all_=True)


def rows(tmp_path, sql):
    with duckdb.connect(str((tmp_path / "data/monitor.duckdb").resolve()), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_add_starts_the_list_with_the_built_in_one_and_says_so(press, tmp_path):
    said = monitor("feeds", "add", press.url("/feed/2.xml"), "--source-type", "commentary", "--collection", "asean")
    assert "started with a copy of the built-in list" in said
    found = own(tmp_path)
    assert len(found) == len(built_in()) + 1
    feed = found["press-2"]
    assert (feed.name, feed.source_type, feed.collections) == ("Press 2", "commentary", ("asean",))
    assert (feed.url, feed.publisher) == (press.url("/feed/2.xml"), "127.0.0.1")


def test_add_finds_the_feed_of_a_page_and_passes_over_an_empty_one(press, tmp_path):
    said = monitor("feeds", "add", press.url("/"), "--only", "--id", "press", "--source", "The Press")
    assert f"found on {press.url('/')}: {press.url('/feed/0.xml')}" in said
    assert f"it also names {press.url('/comments.xml')}" in said
    assert "6 entries, 6 dated from" in said
    assert {k: (f.url, f.publisher) for k, f in own(tmp_path).items()} == {
        "press": (press.url("/feed/0.xml"), "The Press")
    }
    assert monitor("run", "--data", tmp_path / "data")
    assert rows(tmp_path, "SELECT DISTINCT feed_id FROM articles") == [("press",)]


def test_add_keeps_the_operators_own_list_as_it_is_written(press, tmp_path):
    text = "# mine\n" + press.feeds_toml().replace("\n", "\r\n")
    (tmp_path / "feeds.toml").write_bytes(text.encode())
    press.feeds = 4
    said = monitor("feeds", "add", press.url("/feed/3.xml"))
    assert "built-in" not in said
    assert (tmp_path / "feeds.toml").read_bytes().startswith(text.encode())
    assert list(own(tmp_path)) == ["press-0", "press-1", "press-2", "press-3"]
    assert not (tmp_path / ".feeds.toml.new").exists()


def test_add_refuses_what_is_there_already_in_any_spelling(press, tmp_path):
    (tmp_path / "feeds.toml").write_text(press.feeds_toml())
    before = (tmp_path / "feeds.toml").read_text()
    with pytest.raises(FeedsFileError, match="in the list already, as press-0"):
        monitor("feeds", "add", press.url("/feed/0.xml?utm_source=x"))
    monitor("feeds", "retire", "press-0")
    with pytest.raises(FeedsFileError, match=r"retire press-0 --undo"):
        monitor("feeds", "add", press.url("/feed/0.xml"))
    monitor("feeds", "retire", "press-0", "--undo")
    assert read_feeds((tmp_path / "feeds.toml").read_text(), "f") == read_feeds(before, "f")


@pytest.mark.parametrize(
    ("path", "error", "words"),
    [
        ("/bare", UsageError, "none of the"),
        ("/nothing", UsageError, "HTTP 404"),
        ("/busy", UnreachableError, "could not be reached"),
        ("/empty", UsageError, "is no feed"),
    ],
)
def test_add_writes_nothing_for_what_is_no_feed(press, tmp_path, path, error, words):
    press.broken["/busy"] = (503, "text/plain", "busy")
    press.broken["/empty"] = (200, "application/rss+xml", "")
    with pytest.raises(error, match=words) as caught:
        monitor("feeds", "add", press.url(path))
    assert caught.value.exit_code == {UsageError: 2, UnreachableError: 3}[error]
    assert not (tmp_path / "feeds.toml").exists()


def test_add_keeps_to_the_guard(press, tmp_path, monkeypatch):
    monkeypatch.delenv("MONITOR_ALLOW_NETWORK")
    with pytest.raises(UsageError, match="--allow-network"):
        monitor("feeds", "add", press.url("/feed/0.xml"))
    for address in ("file:///etc/passwd", "gopher://x", ""):
        with pytest.raises(UsageError, match="not an http or https address"):
            monitor("feeds", "add", address)
    assert not press.hits


def test_a_list_that_is_no_feeds_toml_is_not_edited(press, tmp_path):
    (tmp_path / "mine.opml").write_text("<opml/>")
    with pytest.raises(UsageError, match="feeds import"):
        monitor("feeds", "retire", "press-0", "--feeds", "mine.opml")
    with pytest.raises(FeedsFileError, match="does not exist"):
        monitor("feeds", "retire", "press-0", "--feeds", "mine.toml")


def test_test_shows_what_a_run_would_see_and_stores_nothing(press, tmp_path):
    (tmp_path / "feeds.toml").write_text(press.feeds_toml())
    press.rules += "Crawl-delay: 2\n"
    before = sorted(tmp_path.rglob("*"))
    said = monitor("feeds", "test", "press-1", "--entries", "3")
    assert "HTTP 200" in said
    assert "status ok" in said
    assert "full text on the pages only" in said
    assert "/a/1/5: robots.txt disallows" in said
    assert said.count("Item 1-") == 3
    assert "robots.txt allows it, with 2 s between" in monitor("feeds", "test", press.url("/feed/0.xml"))
    found = json.loads(monitor("feeds", "test", press.url("/feed/0.xml"), "--json"))
    assert (found["status"], found["entries"], found["feed_id"]) == ("ok", 6, "press-0")
    assert sorted(tmp_path.rglob("*")) == before


def test_test_says_what_is_there_instead(press):
    result = CliRunner().invoke(cli, ["feeds", "test", press.url("/")])
    assert isinstance(result.exception, UsageError)
    assert "error:not_a_feed" in result.output
    assert "/comments.xml" in result.output
    with pytest.raises(UsageError, match="did you mean diplomat"):
        monitor("feeds", "test", "diplomaat")


def test_a_retired_feed_keeps_its_articles_and_is_not_polled(press, tmp_path):
    (tmp_path / "feeds.toml").write_text(press.feeds_toml())
    run(press, tmp_path)
    said = monitor("feeds", "retire", "press-1")
    assert "its 6 articles from 2026-11-03" in said.replace("2026-11-04", "2026-11-03")
    asked = press.hits["/feed/1.xml"]
    run(press, tmp_path, LATER, (tmp_path / "feeds.toml").read_text())
    assert press.hits["/feed/1.xml"] == asked
    assert rows(tmp_path, "SELECT count(*) FROM articles WHERE feed_id = 'press-1'") == [(6,)]
    assert "nothing changed" in monitor("feeds", "retire", "press-1")
    with pytest.raises(FeedsFileError, match="did you mean press-"):
        monitor("feeds", "retire", "press-11")


def test_rename_carries_the_history_over(press, tmp_path):
    (tmp_path / "feeds.toml").write_text(press.feeds_toml())
    run(press, tmp_path)
    counts = "SELECT count(*) FROM {} WHERE feed_id = '{}'"
    tables = ("feeds", "articles", "entries", "fetches", "base.windows", "base.feed_states", "feed_health")
    before = [rows(tmp_path, counts.format(t, "press-1")) for t in tables]
    weeks = rows(tmp_path, "SELECT * FROM source_weeks ORDER BY ALL")
    said = monitor("feeds", "rename", "press-1", "gazette", "--data", tmp_path / "data")
    assert "6 articles with their entries" in said
    assert [rows(tmp_path, counts.format(t, "gazette")) for t in tables] == before
    assert all(rows(tmp_path, counts.format(t, "press-1")) == [(0,)] for t in tables)
    assert rows(tmp_path, "SELECT * FROM source_weeks ORDER BY ALL") == weeks
    report = run(press, tmp_path, LATER, (tmp_path / "feeds.toml").read_text())
    assert report.counts["discovered"] == 0
    assert rows(tmp_path, "SELECT feed_id FROM feeds WHERE retired_at IS NOT NULL") == []


def test_rename_is_both_or_neither(press, tmp_path):
    path = tmp_path / "feeds.toml"
    path.write_text(press.feeds_toml())
    run(press, tmp_path)
    before = path.read_text()
    with pytest.raises(FeedsFileError, match="already on line"):
        monitor("feeds", "rename", "press-1", "press-2", "--data", tmp_path / "data")
    with pytest.raises(FeedsFileError, match="lower-case"):
        monitor("feeds", "rename", "press-1", "Press One", "--data", tmp_path / "data")
    given = load_settings({"data": tmp_path / "data"})
    with Warehouse.open(tmp_path / "data", lambda: NOW), pytest.raises(LockedError):
        rename(given, "press-1", "gazette", lambda: NOW)
    assert path.read_text() == before
    (tmp_path / ".feeds.toml.new").mkdir()  # the list cannot be written
    with pytest.raises(FeedsFileError, match="cannot be written"):
        rename(given, "press-1", "gazette", lambda: NOW)
    with Warehouse.open(tmp_path / "data", lambda: NOW) as warehouse:
        assert set(warehouse.feed_states()) == {"press-0", "press-1", "press-2"}


def test_a_list_that_was_renamed_by_hand_is_followed(press, tmp_path):
    path = tmp_path / "feeds.toml"
    path.write_text(press.feeds_toml())
    run(press, tmp_path)
    path.write_text(press.feeds_toml().replace('"press-1"', '"gazette"'))
    assert "6 articles" in monitor("feeds", "rename", "press-1", "gazette", "--data", tmp_path / "data")
    assert rows(tmp_path, "SELECT count(*) FROM articles WHERE feed_id = 'gazette'") == [(6,)]


def test_a_new_id_with_a_history_is_refused(press, tmp_path):
    path = tmp_path / "feeds.toml"
    path.write_text(press.feeds_toml())
    run(press, tmp_path)
    path.write_text(press.feeds_toml().partition('[[feed]]\nid = "press-2"')[0])
    run(press, tmp_path, LATER, path.read_text())
    with pytest.raises(UsageError, match="history of its own"):
        monitor("feeds", "rename", "press-1", "press-2", "--data", tmp_path / "data")
    assert list(own(tmp_path)) == ["press-0", "press-1"]


def test_check_lists_every_feed_with_a_plain_sentence(press, tmp_path):
    press.broken["/feed/1.xml"] = (410, "text/plain", "gone")
    run(press, tmp_path)
    found = json.loads(monitor("feeds", "check", "--data", tmp_path / "data", "--json"))
    by_id = {row["feed_id"]: row for row in found}
    assert found[0]["feed_id"] == "press-1"
    assert by_id["press-1"]["advice"].startswith("The site says it is gone")
    assert by_id["press-0"]["advice"] == "Well."
    assert {"content_age_days", "poll_age_days", "usual_gap_days", "unchanged_share", "usual_failure", "words"} <= set(
        found[0]
    )
    said = monitor("feeds", "check", "--data", tmp_path / "data")
    assert "2 of 3 active feeds are well" in said
    assert "press-2" not in monitor("feeds", "check", "press-1", "--data", tmp_path / "data")
    assert "press-0" not in monitor("feeds", "check", "--ailing", "--data", tmp_path / "data")
    with pytest.raises(UsageError, match="no feed press-9"):
        monitor("feeds", "check", "press-0", "press-9", "--data", tmp_path / "data")


def test_status_shows_coverage_and_that_the_ledger_adds_up(press, tmp_path):
    run(press, tmp_path)
    said = monitor("status", "--data", tmp_path / "data")
    assert "discovered = stored + duplicate + refused + failed + pending in each run" in said
    assert "Coverage of the last weeks" in said
    found = json.loads(monitor("status", "--data", tmp_path / "data", "--json"))
    weeks = {w["week"]: (w["state"], w["sources_observed"]) for w in found["weeks"]}
    assert weeks["2026-11-09"] == ("observed", 3)
    assert [w["is_open"] for w in found["weeks"]][-1] is True


def test_status_names_runs_that_do_not_add_up():
    runs = [dict.fromkeys(("discovered", *PARTS), 0) | {"discovered": 2, "stored": n} for n in (1, 2)]
    assert balance(runs).endswith("1 of these runs do not add up, see monitor doctor")
    assert balance(runs[1:]).endswith("in each run")
    assert balance([dict.fromkeys(("discovered", *PARTS))]).endswith("in each run")
