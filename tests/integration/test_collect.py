import shutil
from datetime import timedelta

import duckdb
import pytest

from monitor.config import load_settings
from monitor.errors import LockedError
from monitor.feeds_file import read_feeds
from monitor.pipeline.run import collect
from monitor.queries import open_archive
from monitor.store import Warehouse
from monitor.store.hosts import load_hosts
from tests.integration.press import NOW, Press, serving


@pytest.fixture(autouse=True)
def begun(knowing, tmp_path):
    """An archive that knows the gazetteer, so that a first run need not read it again."""
    shutil.copytree(knowing, tmp_path / "data")


@pytest.fixture
def press():
    with serving(Press()) as press:
        yield press


def settings(tmp_path, **more):
    options = {"data": tmp_path / "data", "allow_network": ("127.0.0.0/8",), "host_delay": 0, "timeout": 3}
    return load_settings(options | {"executor": "inline"} | more)


def run(press, tmp_path, all_=False, now=NOW, **more):
    return collect(settings(tmp_path, **more), read_feeds(press.feeds_toml(), "feeds.toml"), lambda: now, all_=all_)


def rows(tmp_path, sql):
    with duckdb.connect(str((tmp_path / "data/monitor.duckdb").resolve()), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_a_run_stores_every_entry_once_with_its_evidence(press, tmp_path):
    report = run(press, tmp_path)
    assert (report.feeds_ok, report.counts["discovered"], report.counts["stored"]) == (3, 18, 18)
    assert rows(tmp_path, "SELECT count(*), count(DISTINCT canonical_url) FROM articles WHERE status = 'full'") == [
        (18, 18)
    ]
    wrong = (
        "SELECT count(*) FROM mentions JOIN article_texts USING (article_id) "
        "WHERE field = 'text' AND span_text(text, char_start, char_end) <> surface"
    )
    assert rows(tmp_path, wrong) == [(0,)]
    with open_archive(tmp_path / "data") as archive:
        week = archive.last_week()
        trend = archive.trend("Cambodia", weeks=1, until=week)
        evidence = archive.evidence("Cambodia", week)
    assert trend["articles"].to_list() == [evidence["article_id"].n_unique()]
    assert trend["mentions"].to_list() == [evidence.height]
    assert all("Cambodia" in sentence for sentence in evidence["sentence"])


def test_a_second_run_changes_nothing(press, tmp_path):
    first = run(press, tmp_path)
    second = run(press, tmp_path, all_=True, now=NOW.replace(minute=5))
    assert second.counts["discovered"] == second.counts["articles"] == 0
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(18,)]
    assert all(n == 1 for path, n in press.hits.items() if path.startswith("/a/"))
    assert first.published is not None


def test_pool_and_inline_store_the_same_rows(press, tmp_path):
    run(press, tmp_path / "a")
    run(press, tmp_path / "b", executor="processes:2")
    for table in ("articles", "mentions", "article_texts", "entries"):
        order = "SELECT * EXCLUDE ({}) FROM {} ORDER BY ALL".format(
            {"articles": "fetched_at, story_id", "entries": "run_id"}.get(table, "article_id"), table
        )
        assert rows(tmp_path / "a", order) == rows(tmp_path / "b", order), table


def test_a_page_that_fails_in_passing_has_its_headline_now_and_its_text_later(press, tmp_path):
    press.broken["/a/0/0"] = (503, "text/plain", "busy")
    report = run(press, tmp_path)
    assert (report.counts["stored"], report.counts["failed"]) == (17, 1)
    state = (
        "SELECT a.status, e.outcome FROM entries AS e JOIN articles AS a USING (article_id) WHERE e.title = 'Item 0-0'"
    )
    assert rows(tmp_path, state) == [("metadata", "failed")]
    press.broken.clear()
    run(press, tmp_path, all_=True, now=NOW.replace(hour=13))
    assert rows(tmp_path, state) == [("full", "stored")]
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(18,)]


def test_pages_that_name_one_address_as_theirs_are_one_article_with_its_own_mentions(press, tmp_path):
    for number in range(6):
        page = press.page(1, number).replace("<head>", f"<head><link rel='canonical' href='{press.url('/a/all')}'>")
        press.broken[f"/a/1/{number}"] = (200, "text/html; charset=utf-8", page)
    report = run(press, tmp_path)
    assert (report.counts["stored"], report.counts["duplicate"], report.published is None) == (13, 5, False)
    named = "SELECT count(DISTINCT surface) FROM mentions JOIN articles USING (article_id) WHERE url LIKE '%/a/1/%'"
    assert rows(tmp_path, named) == [(1,)]  # each page names a country of its own


def test_a_page_that_is_gone_is_not_asked_for_again(press, tmp_path):
    press.broken["/a/1/1"] = (404, "text/html", "gone")
    run(press, tmp_path)
    run(press, tmp_path, all_=True, now=NOW.replace(hour=13))
    assert press.hits["/a/1/1"] == 1


def test_a_broken_feed_is_listed_and_the_run_goes_on(press, tmp_path):
    press.broken["/feed/1.xml"] = (200, "text/html", "<html><head><title>We moved</title></head><body>hi</body></html>")
    report = run(press, tmp_path)
    assert [(f, s) for f, s, _ in report.failures] == [("press-1", "error:not_a_feed")]
    assert report.counts["stored"] == 12


def test_caps_leave_pending_rows_that_later_runs_take_up(press, tmp_path):
    first = run(press, tmp_path, pages_per_host=7)
    assert (first.counts["stored"], first.counts["pending"]) == (7, 11)
    run(press, tmp_path, pages_per_host=7, now=NOW.replace(minute=1))
    run(press, tmp_path, pages_per_host=7, now=NOW.replace(minute=2))
    assert rows(tmp_path, "SELECT outcome, count(*) FROM entries GROUP BY 1") == [("stored", 18)]


def test_two_writers_do_not_meet(press, tmp_path):
    with Warehouse.open(tmp_path / "data", lambda: NOW), pytest.raises(LockedError):
        run(press, tmp_path)


def test_every_attempt_has_its_row(press, tmp_path):
    run(press, tmp_path)
    kinds = dict(rows(tmp_path, "SELECT kind, count(*) FROM fetches GROUP BY 1"))
    assert (kinds["feed"], kinds["page"], kinds["robots"]) == (3, 18, 1)
    assert sum(press.hits.values()) == 22


def test_robots_txt_is_asked_once_a_day_and_a_hold_outlives_its_run(press, tmp_path):
    press.broken["/a/2/5"] = (429, "text/plain", "slow down")
    run(press, tmp_path)
    run(press, tmp_path, all_=True, now=NOW.replace(hour=13))
    assert press.hits["/robots.txt"] == 1
    with Warehouse.open(tmp_path / "data", lambda: NOW) as warehouse:
        robots, holds = load_hosts(warehouse.connection, NOW)
    assert [r.verdict for r in robots.values()] == ["allow"]
    assert holds["127.0.0.1"] > NOW


def test_retry_after_of_a_host_holds_in_the_next_run(press, tmp_path):
    press.broken["/a/2/5"] = (429, "text/plain", "slow down")
    run(press, tmp_path)
    asked = press.hits.total()
    run(press, tmp_path, all_=True, now=NOW.replace(minute=5))
    assert press.hits.total() == asked


def test_a_host_that_hangs_does_not_hold_up_the_run_and_every_page_has_its_turn(press, tmp_path):
    press.hang = {f"/a/{n}/{k}" for n in range(3) for k in range(6)}
    first = run(press, tmp_path, timeout=1)
    assert (first.counts["failed"], first.counts["pending"]) == (2, 16)  # one in each of the host's two lanes
    press.hang = set()
    second = run(press, tmp_path, all_=True, timeout=1, now=NOW.replace(hour=13))
    assert rows(tmp_path, "SELECT outcome, count(*) FROM entries GROUP BY 1") == [("stored", 18)]
    assert second.counts["articles"] == 18


def warnings(caplog, path):
    return [r.getMessage() for r in caplog.records if r.levelname == "WARNING" and r.name == path]


def test_a_warehouse_that_was_lost_is_not_begun_anew_without_a_word(press, tmp_path, caplog):
    run(press, tmp_path)
    assert warnings(caplog, "monitor.pipeline.run") == []
    (tmp_path / "data/warehouse.duckdb").unlink()
    assert run(press, tmp_path, now=NOW + timedelta(hours=1)).counts["stored"] > 0
    (told,) = warnings(caplog, "monitor.pipeline.run")
    assert "warehouse.duckdb is missing though copies are published" in told
    (kept,) = (tmp_path / "data/backups").glob("warehouse-*.duckdb")
    assert str(kept) in told
    assert rows(tmp_path, "SELECT vintage FROM vintages") == [
        (1,)
    ]  # the new archive's, of the same name as the lost one's
    with duckdb.connect(str(kept), read_only=True) as con:
        assert con.execute("SELECT published_at FROM vintages").fetchall() == [(NOW,)]
    assert "\n" not in told


def test_a_clock_that_is_behind_the_last_poll_is_told_once(press, tmp_path, caplog):
    run(press, tmp_path, now=NOW + timedelta(days=14))
    run(press, tmp_path, now=NOW + timedelta(days=14, minutes=-50))
    assert warnings(caplog, "monitor.pipeline.run") == []
    assert run(press, tmp_path, now=NOW).feeds_due > 0
    (told,) = warnings(caplog, "monitor.pipeline.run")
    assert f"the clock says {NOW:%Y-%m-%d %H:%M} UTC" in told
    assert f"{NOW + timedelta(days=14):%Y-%m-%d %H:%M}" in told
