"""How soon a feed is asked again when it answers: by its rate of posts, its window and its headers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.poll import is_due
from monitor.records import ParsedFeed
from tests.unit.polls import HOUR, NEW, NOW, answer, entries, good, hours, step


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


@pytest.mark.parametrize("status", ["ok", "error:500", "gone"])
def test_what_a_clock_set_wrong_had_planned_does_not_keep_a_feed_silent(status):
    wrong = NOW + timedelta(days=400)
    state = replace(
        NEW, status=status, last_poll_at=wrong, next_fetch_at=wrong + HOUR, retry_after_at=wrong + HOUR, interval=3600
    )
    assert is_due(state, NOW)
    assert not is_due(state, wrong)
    assert not is_due(replace(state, last_poll_at=NOW + HOUR / 60), NOW), "a clock may go back by a little"
