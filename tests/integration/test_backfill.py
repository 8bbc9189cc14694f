import shutil
import time
from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from click.testing import CliRunner

from monitor.cli import cli
from monitor.errors import UnreachableError, UsageError
from monitor.feeds_file import read_feeds
from monitor.pipeline.archive_walk import Walk, shape
from monitor.pipeline.backfill import backfill
from monitor.pipeline.run import collect
from monitor.records import Entry
from tests.integration.press import NOW, Press, serving
from tests.integration.test_collect import settings

PAGE = 6


class OldPress(Press):
    """30 entries a feed, three days apart, of which the feed shows six: the rest is behind `kind`."""

    def __init__(self, kind="paged"):
        super().__init__(feeds=2, entries=30)
        self.kind = kind
        self.sitemap = ""
        self.robots = "User-agent: *\nAllow: /\n"

    def document(self, n, page):
        """Entries of the page-th document, newest first; None behind the last one."""
        numbers = list(range(self.entries - 1, -1, -1))[PAGE * (page - 1) : PAGE * page]
        if not numbers:
            return None
        items = super().feed(n).split("<item>")
        chosen = "".join("<item>" + items[self.entries - k].partition("</channel>")[0] for k in numbers)
        link = ""
        if self.kind == "rfc5005" and page < 5:
            link = f'<atom:link rel="prev-archive" href="{self.url(f"/feed/{n}.xml/archive/{page + 1}")}"/>'
        return (
            '<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">'
            f"<channel><title>Press {n}</title>{link}{chosen}</channel></rss>"
        )

    def answer(self, path):
        if path in self.broken:
            return self.broken[path]
        if path == "/robots.txt":
            return 200, "text/plain", self.robots
        if path == "/map.xml":
            return 200, "application/xml", self.sitemap
        if not path.startswith("/feed/"):
            return super().answer(path)
        n, page = int(path[6]), 1
        if self.kind == "paged" and "paged=" in path:
            page = int(path.partition("paged=")[2])
        if "/archive/" in path:
            page = int(path.rpartition("/")[2])
        body = self.document(n, page)
        return (200, "application/rss+xml", body) if body else (404, "text/plain", "no more")


@pytest.fixture(autouse=True)
def begun(knowing, tmp_path):
    """An archive that knows the gazetteer, so that a first run need not read it again."""
    shutil.copytree(knowing, tmp_path / "data")


@pytest.fixture
def press():
    with serving(OldPress()) as press:
        yield press


def go(press, tmp_path, since, now=NOW, limit=500, **more):
    feeds = read_feeds(press.feeds_toml(), "feeds.toml")
    return backfill(settings(tmp_path, **more), feeds, "press-0", since, lambda: now, limit=limit)


def run(press, tmp_path, now=NOW, **more):
    return collect(settings(tmp_path, **more), read_feeds(press.feeds_toml(), "feeds.toml"), lambda: now, all_=True)


def rows(tmp_path, sql):
    with duckdb.connect(str((tmp_path / "data/monitor.duckdb").resolve()), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        return con.execute(sql).fetchall()


def states(tmp_path):
    return dict(rows(tmp_path, "SELECT week::VARCHAR, state FROM source_weeks WHERE publisher = 'press-0'"))


SINCE = datetime(2026, 9, 28, tzinfo=UTC)  # a Monday, 55.5 days before: 18 entries are younger


@pytest.mark.parametrize("kind", ["paged", "rfc5005"])
def test_an_archive_is_walked_back_to_the_day_and_extends_coverage(tmp_path, kind):
    with serving(OldPress(kind)) as press:
        run(press, tmp_path)
        before = states(tmp_path)
        report = go(press, tmp_path, SINCE, NOW + timedelta(hours=1))
        assert (report.new, report.counts["articles"], report.reached) == (12, 12, SINCE)
        assert rows(
            tmp_path, "SELECT is_backfilled, count(*) FROM articles WHERE feed_id = 'press-0' GROUP BY 1 ORDER BY 1"
        ) == [
            (False, 6),
            (True, 12),
        ]
        after = states(tmp_path)
    assert "2026-09-28" not in before
    assert {state for week, state in after.items() if "2026-09-28" <= week < "2026-11-16"} == {"observed"}
    assert min(after) == "2026-09-28"


def test_a_second_backfill_stores_nothing_and_fetches_no_page_again(press, tmp_path):
    go(press, tmp_path, SINCE)
    again = go(press, tmp_path, SINCE, NOW + timedelta(hours=1))
    assert (again.new, again.counts["articles"]) == (0, 0)
    assert {n for path, n in press.hits.items() if path.startswith("/a/")} == {1}
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(18,)]


def test_the_end_of_the_archive_is_all_there_is(press, tmp_path):
    report = go(press, tmp_path, datetime(2020, 1, 1, tzinfo=UTC))
    assert (report.new, report.documents) == (24, 5)
    assert report.ended == "the archive has nothing older"
    assert report.reached == NOW - timedelta(days=90)


def test_an_archive_that_breaks_off_covers_only_what_was_seen(press, tmp_path):
    press.broken["/feed/0.xml?paged=3"] = (503, "text/plain", "busy")
    report = go(press, tmp_path, SINCE)
    assert "broke off" in report.ended
    assert report.new == 6
    assert NOW - timedelta(days=36) <= report.reached <= NOW - timedelta(days=21)
    assert "2026-09-28" not in states(tmp_path)


def test_the_limit_cuts_coverage_too_and_the_next_backfill_goes_on(press, tmp_path):
    first = go(press, tmp_path, SINCE, limit=4)
    assert (first.new, first.left) == (4, 2)
    assert first.reached == NOW - timedelta(days=27)  # the middle of the document where it stopped
    second = go(press, tmp_path, SINCE, NOW + timedelta(hours=1), limit=4)
    third = go(press, tmp_path, SINCE, NOW + timedelta(hours=2), limit=20)
    assert (second.new, third.new, third.reached) == (4, 4, SINCE)
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(18,)]


def test_one_pinned_entry_of_old_does_not_end_the_walk(press, tmp_path):
    body = press.document(0, 2)
    pinned = body.replace("<item>", "<item><title>Pinned</title><link>/a/0/99</link>"
                          "<pubDate>Mon, 03 Jan 2011 09:00:00 GMT</pubDate></item><item>", 1)  # fmt: skip
    press.broken["/feed/0.xml?paged=2"] = (200, "application/rss+xml", pinned)
    report = go(press, tmp_path, SINCE)
    assert (report.new, report.reached) == (12, SINCE)


def test_what_sitemaps_list_is_taken_without_extending_coverage(tmp_path):
    with serving(OldPress("none")) as press:
        listed = "".join(
            f"<url><loc>{press.page_url(0, k)}</loc><lastmod>{'2026-11-20' if k > 5 else '2026-01-05'}</lastmod></url>"
            for k in range(30)
        )
        press.sitemap = f"<urlset>{listed}<url><loc>{press.url('/about')}</loc></url></urlset>"
        press.robots += f"Sitemap: {press.url('/map.xml')}\n"
        report = go(press, tmp_path, SINCE)
        assert (report.new, report.from_sitemaps) == (18, 18)
        assert report.ended.startswith("the feed has no archive")
        assert report.reached == NOW - timedelta(days=18)  # what the feed itself shows
        assert not press.hits["/about"]
    assert rows(tmp_path, "SELECT outcome, is_backfilled, count(*) FROM entries GROUP BY ALL ORDER BY 2") == [
        ("stored", False, 6),
        ("stored", True, 18),
    ]


def test_robots_txt_rules_the_archive(press, tmp_path):
    press.robots = "User-agent: *\nDisallow: /feed/0.xml?paged\n"
    report = go(press, tmp_path, SINCE)
    assert report.new == 0
    assert not press.hits["/feed/0.xml?paged=2"]


def test_pages_over_the_cap_of_a_run_stay_pending_and_later_runs_fetch_them(press, tmp_path):
    report = go(press, tmp_path, SINCE, pages_per_host=10)
    assert (report.counts["stored"], report.pending) == (10, 8)
    run(press, tmp_path, NOW + timedelta(hours=1), pages_per_host=50)
    assert rows(tmp_path, "SELECT DISTINCT outcome FROM entries") == [("stored",)]


def test_the_ledger_of_a_backfill_adds_up(press, tmp_path):
    report = go(press, tmp_path, SINCE)
    counts = report.counts
    parts = ("stored", "duplicate", "refused", "failed", "pending")
    assert counts["discovered"] == sum(counts[p] for p in parts) == 18
    kinds = dict(rows(tmp_path, "SELECT kind, count(*) FROM fetches GROUP BY 1"))
    assert kinds == {"feed": 1, "archive": 3, "robots": 1, "page": 18}
    assert sum(press.hits.values()) == sum(kinds.values())


def test_a_feed_that_does_not_answer_is_said_and_nothing_is_lost(press, tmp_path):
    run(press, tmp_path)
    port, press.port = press.port, 1
    try:
        with pytest.raises(UnreachableError):
            go(press, tmp_path, SINCE, NOW + timedelta(hours=1))
    finally:
        press.port = port
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(12,)]


def test_a_feed_that_is_gone_is_left_alone(press, tmp_path):
    press.broken["/feed/0.xml"] = (410, "text/plain", "gone")
    run(press, tmp_path)
    asked = press.hits.total()
    with pytest.raises(UsageError, match="says it is gone: not asked before 2026-12-22"):
        go(press, tmp_path, SINCE, NOW + timedelta(hours=1))
    assert press.hits.total() == asked


def test_bad_input_is_one_line(tmp_path, press):
    nowhere = tmp_path / "nowhere"
    with pytest.raises(UsageError, match="no feed has the id"):
        backfill(settings(nowhere), read_feeds(press.feeds_toml(), "f"), "press-9", SINCE, lambda: NOW)
    for since in ("1990-01-01", "2999-01-01"):
        result = CliRunner().invoke(cli, ["backfill", "press-0", "--since", since, "--data", str(nowhere / "data")])
        assert isinstance(result.exception, UsageError)
    assert CliRunner().invoke(cli, ["backfill", "press-0", "--since", "yesterday"]).exit_code == 2
    assert not nowhere.exists()


def test_addresses_of_articles_share_a_form():
    assert shape("https://x.org/2026/11/some-title/") == shape("https://x.org/2025/02/another-long-title")
    assert shape("https://x.org/about") != shape("https://x.org/2025/02/another-long-title")
    assert shape("https://x.org/tag/asia") != shape("https://x.org/opinion/a-title")


def test_what_a_large_sitemap_adds_costs_linear_time():
    made = [Entry("f", f"{n:032x}", None, None, None, "T") for n in range(20_000)]
    walk = Walk(NOW, current=tuple(made[:100]), older=made[100:10_000])
    began = time.process_time()
    assert walk.fresh(made) == made[10_000:]
    assert time.process_time() - began < 1
