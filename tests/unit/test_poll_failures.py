"""Failures of feeds and pages: named, backed off by their class, and how long a server may ask us to wait."""

from datetime import timedelta

import pytest

from monitor.poll import GONE_PROBE, is_due, page_retry
from monitor.records import ParsedFeed
from tests.unit.polls import HOUR, NEW, NOW, answer, good, step

FAILURES = [
    (answer("http", 404), None, "error:404", 12),
    (answer("http", 403), None, "error:403", 12),
    (answer("http", 500), None, "error:500", 0.5),
    (answer("http", 429), None, "error:429", 1),
    (answer("timeout", None), None, "error:timeout", 0.5),
    (answer("connection", None), None, "error:connection", 0.5),
    (answer("dns", None), None, "error:dns", 0.5),
    (answer("blocked", None), None, "error:blocked", 12),
    (answer("redirect_loop", 302), None, "error:redirect_loop", 12),
    (answer("too_large", 200), None, "error:too_large", 12),
    (answer(), ParsedFeed("error:empty", note="nothing"), "error:empty", 12),
    (answer(), ParsedFeed("error:not_a_feed", note="a page"), "error:not_a_feed", 12),
    (answer(), ParsedFeed("error:entity"), "error:entity", 12),
]


@pytest.mark.parametrize(("response", "parsed", "status", "delay"), FAILURES)
def test_failures_are_named_and_backed_off_by_class(response, parsed, status, delay):
    before = good(new=10, headers={"etag": "e"})
    state = step(before, response, parsed)
    assert (state.status, state.consecutive_failures, state.etag) == (status, 1, "e")
    assert state.next_fetch_at - NOW == timedelta(hours=delay)
    assert (state.interval, state.last_ok_at, state.last_poll_at) == (before.interval, NOW, NOW)
    assert state.note
    second = step(state, response, parsed)
    assert second.next_fetch_at - NOW == timedelta(hours=2 * delay)
    assert good(second, new=0).consecutive_failures == 0


def test_no_failure_is_for_ever():
    state = NEW
    for _ in range(60):
        state = step(state, answer("http", 404))
    assert state.next_fetch_at - NOW == timedelta(days=7)


def test_gone_at_the_first_410_and_probed_monthly():
    state = step(good(new=1), answer("http", 410))
    assert state.status == "gone"
    assert not is_due(state, NOW + timedelta(days=29), all_=True)
    assert is_due(state, NOW + GONE_PROBE)
    still = step(state, answer("timeout", None), now=NOW + GONE_PROBE)
    assert (still.status, still.next_fetch_at) == ("gone", NOW + 2 * GONE_PROBE)
    assert good(still, new=1).status == "ok"


def test_retry_after_holds_under_all():
    state = step(response=answer("http", 429, retry_after=3600.0))
    assert not is_due(state, NOW + HOUR - timedelta(seconds=1), all_=True)
    assert is_due(state, NOW + HOUR)
    assert good(state, now=NOW + HOUR).retry_after_at is None


def test_a_short_retry_after_does_not_shorten_the_back_off_but_lets_all_try():
    state = step(response=answer("http", 503, retry_after=1.0))
    assert state.next_fetch_at == NOW + HOUR / 2
    assert is_due(state, NOW + timedelta(seconds=2), all_=True)
    assert not is_due(state, NOW + timedelta(seconds=2))


def test_a_held_host_is_no_failure():
    before = good(new=1)
    state = step(before, answer("retry_later", None, retry_after=7200.0, error="the host asked"))
    assert (state.status, state.consecutive_failures, state.last_poll_at) == ("ok", 0, before.last_poll_at)
    assert state.next_fetch_at == NOW + 2 * HOUR


PASSING = ["timeout", "connection", "dns", "503", "http_500", "error:502", "429"]


@pytest.mark.parametrize("outcome", PASSING)
def test_pages_that_failed_for_a_passing_reason_are_tried_five_times(outcome):
    times = [page_retry(n, outcome, NOW, None) for n in range(1, 6)]
    assert times[4] is None
    assert all(times[:4])
    assert times[:4] == sorted(times[:4])
    assert page_retry(1, outcome, NOW, 7200.0) == NOW + 2 * HOUR


@pytest.mark.parametrize(
    "outcome", ["http_404", "410", "403", "too_large", "robots", "blocked", "bad_url", "not_html", "pdf"]
)
def test_final_failures_are_not_tried_again(outcome):
    assert page_retry(1, outcome, NOW, None) is None


def test_a_held_page_waits_however_often():
    assert page_retry(99, "retry_later", NOW, 3600.0) == NOW + HOUR


@pytest.mark.parametrize("seconds", [float("inf"), 1e308, 1e20])
def test_a_wait_beyond_all_time_is_a_month(seconds):
    month = NOW + timedelta(days=30)
    assert page_retry(0, "retry_later", NOW, seconds) == month
    assert step(response=answer("http", 429, retry_after=seconds)).retry_after_at == month
    assert step(response=answer("retry_later", None, retry_after=seconds)).next_fetch_at == month
