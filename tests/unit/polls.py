"""Answers to a poll, and the state of a feed after them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.poll import decide
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
