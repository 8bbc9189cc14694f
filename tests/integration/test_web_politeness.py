"""robots.txt, Crawl-delay, two in flight, minimum delay, Retry-After."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.web import Robots
from monitor.web.answers import retry_after_seconds
from tests.integration.small_web import browse

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
RULES = b"User-agent: Googlebot\nDisallow:\n\nUser-agent: *\nDisallow: /a/\nAllow: /a/open\n"


def visit_paths(*paths, kind="page"):
    async def visit(client, small):
        responses = [await client.get(small.base + path, kind=kind) for path in paths]
        return responses, small

    return visit


def test_robots_rules_hold_for_pages_and_not_for_feeds():
    routes = {"*": (200, {}, b"x"), "/robots.txt": (200, {}, RULES)}
    responses, small = browse(routes, visit_paths("/a/1", "/a/open", "/b"))
    assert [r.outcome for r in responses] == ["robots", "ok", "ok"]
    assert small.paths() == ["/robots.txt", "/a/open", "/b"]
    responses, small = browse(routes, visit_paths("/a/1", kind="feed"))
    assert [r.outcome for r in responses] == ["ok"]
    assert small.paths() == ["/a/1"]


@pytest.mark.parametrize(
    ("status", "outcome"), [(404, "ok"), (403, "ok"), (500, "robots"), (503, "robots"), (429, "retry_later")]
)
def test_what_a_missing_robots_txt_means(status, outcome):
    responses, small = browse({"*": (200, {}, b"x"), "/robots.txt": (status, {}, b"")}, visit_paths("/a", "/b"))
    assert {r.outcome for r in responses} == {outcome}
    assert small.paths().count("/robots.txt") == 1


def test_a_robots_txt_that_cannot_be_read_is_a_passing_failure():
    async def silent(_line, _asked):
        await asyncio.sleep(1)

    routes = {"*": (200, {}, b"x"), "/robots.txt": silent}
    responses, small = browse(routes, visit_paths("/a", "/b"), {"timeout": 0.2})
    assert {r.outcome for r in responses} == {"timeout"}
    assert small.paths() == ["/robots.txt"]


def test_robots_are_kept_a_day_and_asked_again_after_it():
    times = iter([NOW] * 3 + [NOW + timedelta(hours=23)] * 2 + [NOW + timedelta(hours=25)] * 5)
    last = [NOW]

    def clock():
        last[0] = next(times, last[0])
        return last[0]

    cache: dict[str, Robots] = {}
    routes = {"*": (200, {}, b"x"), "/robots.txt": (200, {}, RULES)}
    _, small = browse(routes, visit_paths("/1", "/2", "/3", "/4"), clock=clock, robots_cache=cache)
    assert small.paths().count("/robots.txt") == 2
    assert list(cache) == [small.base]


def test_a_redirect_into_a_disallowed_path_is_not_followed():
    routes = {"/b": (302, {"Location": "/a/1"}, b""), "*": (200, {}, b"x"), "/robots.txt": (200, {}, RULES)}
    responses, small = browse(routes, visit_paths("/b"))
    assert responses[0].outcome == "robots"
    assert "/a/1" not in small.paths()


def test_a_long_robots_txt_is_read_as_far_as_the_cap():
    text = b"User-agent: *\nDisallow: /a/\n" + b"# padding\n" * 100_000
    responses, _ = browse({"*": (200, {}, b"x"), "/robots.txt": (200, {}, text)}, visit_paths("/a/1", "/b"))
    assert [r.outcome for r in responses] == ["robots", "ok"]


def test_a_rule_that_the_cap_cuts_is_no_rule():
    text = b"User-agent: *\n" + (b"Disallow: /" + b"a" * 1000 + b"\n") * 800
    routes = {"*": (200, {}, b"x"), "/robots.txt": (200, {}, text)}
    responses, _ = browse(routes, visit_paths("/" + "a" * 999, "/" + "a" * 1000))
    assert [r.outcome for r in responses] == ["ok", "robots"]


def all_at_once(paths, kind="page"):
    async def visit(client, small):
        responses = await asyncio.gather(*(client.get(small.base + path, kind=kind) for path in paths))
        return responses, small

    return visit


def test_at_most_two_in_flight_on_a_host():
    async def slow(line, _asked):
        await asyncio.sleep(0.05)
        await line.answer(200, b"x")

    _, small = browse({"*": slow}, all_at_once([f"/{i}" for i in range(8)]))
    assert small.most_in_flight == 2


@pytest.mark.parametrize(
    ("delay", "robots"),
    [(0.15, b""), (0.0, b"User-agent: *\nCrawl-delay: 0.15"), (0.0, b"User-agent: *\nRequest-rate: 20/3")],
)
def test_the_minimum_delay_and_crawl_delay_are_kept(delay, robots):
    routes = {"*": (200, {}, b"x"), "/robots.txt": (200, {}, robots)}
    _, small = browse(routes, all_at_once(["/1", "/2", "/3"]), {"host_delay": delay})
    times = [asked.at for asked in small.asked if asked.path != "/robots.txt"]
    gaps = [b - a for a, b in pairwise(times)]
    assert len(gaps) == 2
    assert min(gaps) > 0.1


def test_without_a_delay_there_is_no_waiting():
    async def visit(client, small):
        began = asyncio.get_running_loop().time()
        await all_at_once([f"/{i}" for i in range(20)])(client, small)
        return asyncio.get_running_loop().time() - began

    assert browse({"*": (200, {}, b"x")}, visit) < 1.0


def test_a_queue_longer_than_the_run_waits_is_put_off():
    routes = {"*": (200, {}, b"x"), "/robots.txt": (200, {}, b"User-agent: *\nCrawl-delay: 3600")}
    responses, small = browse(routes, all_at_once(["/1", "/2", "/3"]))
    assert sorted(r.outcome for r in responses) == ["ok", "retry_later", "retry_later"]
    assert len(small.paths()) == 2
    responses, small = browse(routes, visit_paths("/1", "/2"))
    assert [r.outcome for r in responses] == ["ok", "retry_later"]
    assert all(r.retry_after > 3000 for r in responses if r.outcome == "retry_later")


@pytest.mark.parametrize(("status", "header"), [(429, {"Retry-After": "60"}), (503, {"Retry-After": "60"}), (429, {})])
def test_retry_after_holds_the_host_within_the_run_and_after(status, header):
    routes = {"*": (status, header, b"")}

    async def visit(client, small):
        responses = [await client.get(small.base + p, kind="feed") for p in ("/1", "/2")]
        return responses, small, client.holds

    responses, small, holds = browse(routes, visit, clock=lambda: NOW)
    assert [r.outcome for r in responses] == ["http", "retry_later"]
    assert small.paths() == ["/1"]
    assert holds["127.0.0.1"] >= NOW + timedelta(seconds=60)
    responses, small = browse(routes, visit_paths("/3", kind="feed"), clock=lambda: NOW, holds=holds)
    assert (responses[0].outcome, small.paths()) == ("retry_later", [])
    later = NOW + timedelta(hours=1)
    responses, small = browse(routes, visit_paths("/3", kind="feed"), clock=lambda: later, holds=holds)
    assert small.paths() == ["/3"]


def test_a_500_does_not_hold_the_host():
    _, small = browse({"*": (500, {}, b"")}, visit_paths("/1", "/2", kind="feed"))
    assert small.paths() == ["/1", "/2"]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("Mon, 04 May 2026 12:10:00 GMT", 600.0),
        ("Mon, 04 May 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_in_seconds_or_as_a_date(value, seconds):
    assert retry_after_seconds(value, NOW) == seconds


@pytest.mark.parametrize(
    "text", ["Fri, 31 Dec 99999999999999999999 23:59:59 GMT", "31 Dec 2026 23:59:99999999999999999999", "soon", "-1"]
)
def test_a_retry_after_that_nobody_can_read_is_none(text):
    assert retry_after_seconds(text, NOW) is None
    responses, _ = browse({"*": (503, {"Retry-After": text}, b"")}, visit_paths("/a"))
    assert (responses[0].outcome, responses[0].retry_after) == ("http", None)


@given(st.text(alphabet="0123456789 :,+-GMTFriDec.e", max_size=60))
def test_any_retry_after_is_a_time_or_none(text):
    seconds = retry_after_seconds(text, NOW)
    assert seconds is None or 0 <= seconds < float("inf")


@pytest.mark.parametrize("rule", ["Crawl-delay: 1e308", "Crawl-delay: 604801", "Request-rate: 1/99999999999999999999"])
def test_a_crawl_delay_beyond_a_week_is_a_week(rule):
    robots = f"User-agent: *\n{rule}\n".encode()
    responses, _ = browse({"*": (200, {}, b"x"), "/robots.txt": (200, {}, robots)}, visit_paths("/1", "/2"))
    assert [r.outcome for r in responses] == ["ok", "retry_later"]
    assert responses[1].retry_after == pytest.approx(7 * 86_400, rel=0.01)


def test_a_crawl_delay_that_outlasts_a_run_holds_pages_in_the_next_and_not_the_feed():
    routes = {"*": (200, {}, b"x"), "/robots.txt": (200, {}, b"User-agent: *\nCrawl-delay: 3600\n")}
    holds = {}

    async def visit(client, small):
        outcomes = [(await client.get(small.base + "/a", kind=kind)).outcome for kind in ("page", "feed")]
        holds.update(client.holds)
        return outcomes

    assert browse(routes, visit) == ["ok", "ok"]
    assert browse(routes, visit, holds=dict(holds)) == ["retry_later", "ok"]
    later = datetime.now(UTC) + timedelta(hours=2)
    assert browse(routes, visit, holds=dict(holds), clock=lambda: later) == ["ok", "ok"]


def test_robots_and_holds_of_a_clock_that_was_set_back_do_not_stand():
    ahead = NOW + timedelta(days=400)
    assert not Robots(ahead, "disallow").is_fresh(NOW)

    async def visit(client, small):
        return await client.get(small.base + "/", kind="feed")

    response = browse({"*": (200, {}, b"x")}, visit, clock=lambda: NOW, holds={"127.0.0.1": ahead})
    assert response.outcome == "ok"
