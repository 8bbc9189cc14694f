"""What care for feeds means for the runs that follow: what was forgotten, retired or backfilled."""

import shutil
from datetime import timedelta

import duckdb
import pytest

from monitor.feeds_file import read_feeds, set_active
from monitor.pipeline.forget import forget
from monitor.pipeline.run import collect
from monitor.store import Warehouse
from tests.integration.press import NOW, Press, serving
from tests.integration.test_backfill import SINCE, OldPress, go
from tests.integration.test_collect import settings

LATER = NOW + timedelta(hours=2)


@pytest.fixture(autouse=True)
def begun(knowing, tmp_path):
    """An archive that knows the gazetteer, so that a first run need not read it again."""
    shutil.copytree(knowing, tmp_path / "data")


@pytest.fixture
def press():
    with serving(Press()) as press:
        yield press


def run(press, tmp_path, now=NOW, text=None, **more):
    feeds = read_feeds(text or press.feeds_toml(), "feeds.toml")
    return collect(settings(tmp_path, **more), feeds, lambda: now, all_=True)


def rows(tmp_path, sql):
    with duckdb.connect(str((tmp_path / "data/monitor.duckdb").resolve()), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_a_forgotten_page_does_not_return_by_another_address(press, tmp_path):
    run(press, tmp_path)
    forget(tmp_path / "data", press.page_url(0, 2), lambda: LATER)
    link = f'<link rel="canonical" href="{press.page_url(0, 2)}">'
    press.broken["/a/1/7"] = (200, "text/html", press.page(0, 2).replace("</head>", link + "</head>"))
    press.broken["/feed/1.xml"] = (200, "application/rss+xml", press.feed(1).replace("/a/1/5", "/a/1/7"))
    report = run(press, tmp_path, LATER + timedelta(hours=1))
    assert (report.counts["discovered"], report.counts["refused"]) == (1, 1)
    newest = "FROM entries WHERE run_id = (SELECT max(run_id) FROM runs)"
    assert rows(tmp_path, f"SELECT reason, title, url, article_id {newest}") == [("forgotten", "", None, None)]
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(17,)]


def test_what_a_feed_says_of_a_forgotten_page_is_not_kept(press, tmp_path):
    run(press, tmp_path)
    forget(tmp_path / "data", press.page_url(0, 2), lambda: LATER)
    press.broken["/feed/1.xml"] = (200, "application/rss+xml", press.feed(0))
    run(press, tmp_path, LATER + timedelta(hours=1))
    assert rows(tmp_path, "SELECT count(*) FROM entries WHERE reason = 'forgotten' AND title = '' AND url IS NULL") == [
        (2,)
    ]
    assert rows(tmp_path, "SELECT count(*) FROM entries WHERE title = 'Item 0-2'") == [(0,)]


def test_a_forgotten_source_is_not_asked_any_more(press, tmp_path):
    run(press, tmp_path)
    forget(tmp_path / "data", "press-1", lambda: LATER)
    asked = press.hits["/feed/1.xml"]
    report = run(press, tmp_path, LATER + timedelta(hours=1))
    assert (report.feeds_due, press.hits["/feed/1.xml"]) == (2, asked)
    assert rows(tmp_path, "SELECT count(*) FROM source_weeks WHERE publisher = 'press-1'") == [(0,)]


def test_weeks_after_a_retirement_do_not_ask_for_the_feed(press, tmp_path):
    run(press, tmp_path)
    text = set_active(press.feeds_toml(), "press-1", False)
    run(press, tmp_path, LATER, text)
    month = NOW + timedelta(days=28)
    run(press, tmp_path, month, text)
    last = "SELECT max(week) FROM source_weeks WHERE publisher = 'press-{}'"
    assert rows(tmp_path, last.format(1)) < rows(tmp_path, last.format(0))
    retired = "SELECT retired_at = ?::TIMESTAMPTZ FROM feeds WHERE feed_id = 'press-1'"
    assert rows(tmp_path, retired.replace("?", f"'{LATER.isoformat()}'")) == [(True,)]
    with Warehouse.open(tmp_path / "data", lambda: month) as warehouse:
        assert not warehouse.sync_feeds(read_feeds(text, "feeds.toml"))
        assert warehouse.sync_feeds(read_feeds(press.feeds_toml(), "feeds.toml"))
        assert warehouse.frame("SELECT count(*) AS n FROM base.feeds WHERE retired_at IS NOT NULL")["n"][0] == 0
        assert not warehouse.sync_feeds(read_feeds(press.feeds_toml(), "feeds.toml"))


def test_a_backfilled_article_without_a_date_stays_undated(tmp_path):
    with serving(OldPress("none")) as press:
        press.sitemap = f"<urlset><url><loc>{press.page_url(0, 3)}</loc><lastmod>2026-11-20</lastmod></url></urlset>"
        press.robots += f"Sitemap: {press.url('/map.xml')}\n"
        go(press, tmp_path, SINCE)
    found = "SELECT published_from, week FROM articles WHERE is_backfilled"
    assert rows(tmp_path, found) == [("none", None)]


def test_new_entries_are_fetched_before_what_a_backfill_left(tmp_path):
    with serving(OldPress()) as press:
        go(press, tmp_path, SINCE, pages_per_host=6)
        report = run(press, tmp_path, LATER, pages_per_host=6)
    assert report.counts["stored"] == 6  # the other feed's, though the backfilled ones wait longer
    assert rows(tmp_path, "SELECT count(*) FROM entries WHERE outcome = 'pending' AND is_backfilled") == [(12,)]


def test_pages_that_wait_under_the_host_s_cap_leave_their_weeks_partial_until_they_are_fetched(press, tmp_path):
    seen = "SELECT DISTINCT state FROM source_weeks WHERE covered >= 0.99 AND articles + missing_articles > 0"
    run(press, tmp_path, pages_per_host=2)
    assert ("partial",) in rows(tmp_path, seen)
    missing = rows(tmp_path, "SELECT sum(missing_articles) FROM weeks")[0][0]
    assert missing == rows(tmp_path, "SELECT count(*) FROM entries WHERE outcome = 'pending'")[0][0] > 0
    run(press, tmp_path, LATER)
    assert rows(tmp_path, seen) == [("observed",)]
    assert rows(tmp_path, "SELECT sum(missing_articles) FROM weeks") == [(0,)]
