"""The schedule is one pure function of state, answer and time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.poll import ADOPT_AFTER_POLLS, GONE_PROBE, LONGEST, SHORTEST, decide, is_due, page_retry, reach
from monitor.records import Entry, Feed, FeedState, ParsedFeed, Response

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
FEED = Feed("f", "F", "http://example.com/feed", "example")
NEW = FeedState("f")
HOUR = timedelta(hours=1)


def answer(outcome="ok", status=200, **more):
    return Response(FEED.url, outcome, NOW, 0.1, status=status, **more)


def entries(count):
    return tuple(
        Entry("f", f"e{i}", f"http://example.com/{i}", f"https://example.com/{i}", i, f"T{i}") for i in range(count)
    )


def step(state=NEW, response=None, parsed=None, *, new=0, times=(), now=NOW, jitter=0.0):
    return decide(state, FEED, response or answer(), parsed, new=new, entry_times=times, now=now, jitter=jitter)


def good(state=NEW, *, gap=HOUR, count=10, new=0, now=NOW, headers=None, **parsed):
    """A poll that finds `count` entries, one every `gap`."""
    times = [now - gap * i for i in range(1, count + 1)]
    found = ParsedFeed("ok", entries(count), **parsed)
    after = step(state, answer(headers=headers or {}), found, new=new, times=times, now=now)
    return replace(after, oldest_entry_at=min(times, default=None), window_entries=count)


def hours(state):
    return state.interval / 3600


def test_a_first_success():
    state = good(new=10, headers={"etag": 'W/"x"', "last-modified": "Mon"})
    assert (state.status, state.etag, state.last_modified) == ("ok", 'W/"x"', "Mon")
    assert (state.last_poll_at, state.last_ok_at, state.last_new_at) == (NOW, NOW, NOW)
    assert state.consecutive_failures == 0


@pytest.mark.parametrize(("gap", "interval"), [(HOUR, 1), (HOUR / 60, 0.25), (HOUR * 5, 5), (HOUR * 24 * 30, 24)])
def test_the_interval_follows_the_rate_of_posts(gap, interval):
    assert hours(good(new=10, gap=gap)) == pytest.approx(interval, rel=0.01)


def test_silence_stretches_the_interval_and_a_post_brings_it_back():
    state = good(new=10, gap=HOUR * 2)
    lengths = []
    now = NOW
    for _ in range(12):
        now += timedelta(seconds=state.interval)
        state = step(state, answer("not_modified", 304), now=now)
        lengths.append(hours(state))
    assert lengths == sorted(lengths)
    assert lengths[-1] > 6
    assert hours(good(state, new=3, gap=HOUR * 2, now=now)) < 3


@pytest.mark.parametrize("count", [2, 5, 20])
def test_the_interval_stays_inside_what_the_feed_shows(count):
    state = good(new=count, gap=HOUR * 2, count=count, ttl=86400, headers={"cache-control": "max-age=86400"})
    assert timedelta(seconds=state.interval) <= HOUR * 2 * count / 3


def test_a_window_that_rolled_over_shortens_the_interval():
    state = replace(good(new=10, gap=HOUR), interval=4 * 3600)
    assert hours(good(state, new=10, gap=HOUR * 30, now=NOW + HOUR * 4)) <= 1


def test_cache_headers_and_ttl_lengthen_it():
    assert hours(good(new=30, gap=HOUR, count=30, headers={"cache-control": "public, max-age=10800"})) == 3
    assert hours(good(new=30, gap=HOUR, count=30, ttl=7200)) == 2


def test_feeds_without_dates_are_followed_too():
    found = ParsedFeed("warn", entries(10))
    quiet = step(replace(NEW, last_ok_at=NOW), parsed=found, new=0)
    busy = step(replace(NEW, last_ok_at=NOW), parsed=found, new=2)
    assert hours(busy) < 1 < hours(quiet)


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


def test_all_polls_what_is_not_yet_due():
    state = good(new=1)
    assert not is_due(state, NOW + timedelta(minutes=1))
    assert is_due(state, NOW + timedelta(minutes=1), all_=True)
    assert is_due(NEW, NOW)


def test_304_keeps_validators_and_status():
    before = replace(good(new=1, headers={"etag": "e", "last-modified": "m"}), status="warn")
    state = step(before, answer("not_modified", 304))
    assert (state.status, state.etag, state.last_modified) == ("warn", "e", "m")
    assert step(before, answer("not_modified", 304, headers={"etag": "e2"})).etag == "e2"


def test_validators_that_are_no_longer_sent_are_forgotten():
    before = good(new=1, headers={"etag": "e"})
    assert good(before).etag is None


MOVED = {"moved_to": "http://new.example.com/feed"}


def moved_poll(state, now):
    return step(state, answer(**MOVED), ParsedFeed("ok", entries(1)), now=now)


def test_a_move_is_recorded_at_once_and_adopted_after_ten_polls():
    state = moved_poll(NEW, NOW)
    assert (state.status, state.moved_to, state.adopted_url) == ("moved", MOVED["moved_to"], None)
    for i in range(1, ADOPT_AFTER_POLLS):
        assert state.adopted_url is None
        state = moved_poll(state, NOW + i * HOUR)
    assert state.adopted_url == MOVED["moved_to"]
    after = good(state)
    assert (after.status, after.moved_to, after.adopted_url) == ("ok", MOVED["moved_to"], MOVED["moved_to"])


def test_a_move_is_adopted_after_seven_days():
    state = moved_poll(moved_poll(NEW, NOW), NOW + timedelta(days=6))
    assert state.adopted_url is None
    assert moved_poll(state, NOW + timedelta(days=7)).adopted_url == MOVED["moved_to"]


def test_a_move_that_is_taken_back_is_forgotten():
    state = good(moved_poll(NEW, NOW))
    assert (state.status, state.moved_to, state.moved_seen) == ("ok", None, 0)


def test_a_move_on_304_counts_too():
    state = step(moved_poll(NEW, NOW), answer("not_modified", 304, **MOVED))
    assert (state.status, state.moved_seen) == ("moved", 2)


def test_an_adopted_address_that_fails_for_good_is_left_again():
    state = replace(NEW, adopted_url="http://new.example.com/feed", moved_to="http://new.example.com/feed")
    for expected in ("http://new.example.com/feed", "http://new.example.com/feed", None):
        state = step(state, answer("http", 404))
        assert state.adopted_url == expected


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


OUTCOMES = [
    "ok",
    "not_modified",
    "http",
    "timeout",
    "connection",
    "dns",
    "tls",
    "blocked",
    "redirect_loop",
    "too_large",
]
states = st.builds(
    FeedState,
    feed_id=st.just("f"),
    status=st.sampled_from(["new", "ok", "warn", "moved", "gone", "error:500"]),
    interval=st.integers(900, 86400),
    consecutive_failures=st.integers(0, 50),
    last_ok_at=st.none() | st.just(NOW - HOUR),
    moved_to=st.none() | st.just("http://m.example.com/"),
    moved_first_at=st.just(NOW - HOUR),
    moved_seen=st.integers(0, 20),
    oldest_entry_at=st.none() | st.integers(-100, 100_000).map(lambda m: NOW - timedelta(minutes=m)),
    window_entries=st.integers(0, 100),
)
answers = st.builds(
    answer,
    st.sampled_from(OUTCOMES),
    st.sampled_from([200, 304, 301, 404, 410, 429, 500, 503]),
    retry_after=st.none() | st.floats(0, 1e9),
    moved_to=st.none() | st.just("http://m.example.com/"),
    headers=st.sampled_from([{}, {"cache-control": "max-age=999999999"}, {"cache-control": "max-age=0", "etag": "x"}]),
)
documents = st.none() | st.builds(
    ParsedFeed,
    st.sampled_from(["ok", "warn", "error:empty"]),
    st.integers(0, 30).map(entries),
    ttl=st.none() | st.integers(0, 10**9),
)
moments = st.lists(st.integers(-2000, 10**6).map(lambda m: NOW - timedelta(minutes=m)), max_size=20)


@given(states, answers, documents, st.integers(0, 40), moments, st.floats(0, 1, exclude_max=True))
def test_any_poll_leads_to_a_sane_state(state, response, parsed, new, times, jitter):
    after = decide(state, FEED, response, parsed, new=new, entry_times=times, now=NOW, jitter=jitter)
    assert after == decide(state, FEED, response, parsed, new=new, entry_times=times, now=NOW, jitter=jitter)
    assert SHORTEST <= timedelta(seconds=after.interval) <= LONGEST
    assert after.next_fetch_at >= NOW + SHORTEST
    if after.status.startswith(("error", "gone")):
        assert (after.etag, after.last_modified, after.body_hash) == (state.etag, state.last_modified, state.body_hash)
        assert after.consecutive_failures == state.consecutive_failures + 1
        assert after.interval == state.interval
    else:
        assert after.consecutive_failures == 0
        assert after.next_fetch_at <= NOW + LONGEST
    if after.retry_after_at is not None:
        assert not is_due(after, after.retry_after_at - timedelta(seconds=1), all_=True)
    assert is_due(after, max(after.next_fetch_at, after.retry_after_at or NOW))


@given(states, st.floats(0, 1, exclude_max=True))
def test_jitter_only_brings_a_poll_forward(state, jitter):
    response = answer("not_modified", 304)
    plain = decide(state, FEED, response, None, new=0, entry_times=(), now=NOW, jitter=0.0)
    early = decide(state, FEED, response, None, new=0, entry_times=(), now=NOW, jitter=jitter)
    assert plain.next_fetch_at - (plain.next_fetch_at - NOW) * 0.16 <= early.next_fetch_at <= plain.next_fetch_at


@pytest.mark.parametrize("status", ["ok", "error:500", "gone"])
def test_what_a_clock_set_wrong_had_planned_does_not_keep_a_feed_silent(status):
    wrong = NOW + timedelta(days=400)
    state = replace(
        NEW, status=status, last_poll_at=wrong, next_fetch_at=wrong + HOUR, retry_after_at=wrong + HOUR, interval=3600
    )
    assert is_due(state, NOW)
    assert not is_due(state, wrong)
    assert not is_due(replace(state, last_poll_at=NOW + HOUR / 60), NOW), "a clock may go back by a little"


@pytest.mark.parametrize("seconds", [float("inf"), 1e308, 1e20])
def test_a_wait_beyond_all_time_is_a_month(seconds):
    month = NOW + timedelta(days=30)
    assert page_retry(0, "retry_later", NOW, seconds) == month
    assert step(response=answer("http", 429, retry_after=seconds)).retry_after_at == month
    assert step(response=answer("retry_later", None, retry_after=seconds)).next_fetch_at == month


def times(*days):
    return [NOW - timedelta(days=day) for day in days]


@pytest.mark.parametrize(
    ("days", "known", "expected"),
    [
        ((), None, None),
        ((3,), None, 3),
        ((0, 1, 2, 3), None, 3),
        ((0, 1, 2, 3, 900), None, 3),  # pinned
        ((0, 1, 2, 3, 300, 900), None, 3),
        ((0, 1, 2, 300, 600, 900), None, 900),  # half of all are no chance
        ((0, 1, 2, 3, 4, 5, 6, 7, 300, 900), None, 7),
        ((0, 30, 60, 90, 150), None, 150),  # a source that writes seldom
        ((0, 0, 0, 30, 30, 30, 62), None, 62),  # several at once, each month
        ((0, 1, 2, 20), None, 2),
        ((0, 1, 2, 20), 20, 20),  # the newest that was known is still shown: nothing was missed since
        ((0, 1, 2, 20, 900), 20, 20),
        ((0, 1, 2, 900), 30, 2),  # known, but newer ones have come and gone since
    ],
)
def test_a_feed_reaches_back_to_its_oldest_entry_but_for_pinned_ones(days, known, expected):
    newest_known = None if known is None else NOW - timedelta(days=known)
    found = reach(times(*days), newest_known)
    assert found == (None if expected is None else NOW - timedelta(days=expected))
