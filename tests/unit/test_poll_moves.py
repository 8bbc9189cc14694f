"""A feed that says it moved: when its new address is adopted, and when it is left again."""

from dataclasses import replace
from datetime import timedelta

from monitor.poll import ADOPT_AFTER_POLLS
from monitor.records import ParsedFeed
from tests.unit.polls import HOUR, NEW, NOW, answer, entries, good, step

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
