"""When a feed is polled and what is remembered of it: pure decisions of state, answer and time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from monitor.records import Feed, FeedState, ParsedFeed, Response

SHORTEST = timedelta(minutes=15)
LONGEST = timedelta(hours=24)
GONE_PROBE = timedelta(days=30)
LONGEST_RETRY_AFTER = timedelta(days=30)
ADOPT_AFTER_POLLS = 10
ADOPT_AFTER = timedelta(days=7)
PAGE_ATTEMPTS = 5

# First delay and its ceiling by class of failure; each further failure doubles it.
_BACK_OFF = {
    "permanent": (timedelta(hours=12), timedelta(days=7)),
    "temporary": (timedelta(minutes=30), LONGEST),
    "throttled": (timedelta(hours=1), LONGEST),
}
_TEMPORARY = frozenset({"timeout", "connection", "dns", "408", "425"})
_THROTTLED = frozenset({"429", "retry_later"})
_CACHE_TRUST = timedelta(hours=6)  # a longer max-age is a cache's wish, not a promise that nothing is posted
_PINNED = timedelta(days=14)
_WINDOW_SHARE = 3  # polls in the time that the feed's entries span, so that one missed poll loses nothing
_UNADOPT_AFTER = 3
_CLOCK_SLACK = timedelta(hours=1)
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


def is_due(state: FeedState, now: datetime, *, all_: bool = False) -> bool:
    """Whether to poll now. `all_` disregards the schedule, but neither Retry-After nor gone.

    A last poll in the future was made by a clock that has been set back since: what it planned may lie years ahead.
    """
    if state.last_poll_at is not None and state.last_poll_at > now + _CLOCK_SLACK:
        return True
    if state.retry_after_at is not None and state.retry_after_at > now:
        return False
    is_time = state.next_fetch_at is None or state.next_fetch_at <= now
    return is_time or (all_ and state.status != "gone")


def decide(
    state: FeedState,
    feed: Feed,
    response: Response,
    parsed: ParsedFeed | None,
    *,
    new: int,
    entry_times: Sequence[datetime],
    now: datetime,
    jitter: float,
) -> FeedState:
    """Return the state after a poll. Pure: the same arguments give the same state.

    `parsed` is None when nothing had to be parsed (304, the same body, or no body); `new` counts entries not known
    before, `entry_times` are the dates of those in the document; `jitter` in [0, 1) spreads polls of equal interval.
    """
    if response.outcome == "retry_later":
        return _held(state, response, now)
    kind = _failure(response, parsed)
    if kind is not None:
        return _failed(state, kind, response, parsed, now, jitter)
    interval = _interval(state, response, parsed, new, entry_times, now)
    moved = _moved(state, response, now)
    return replace(
        moved,
        status=_good_status(state, moved, response, parsed),
        etag=response.headers.get("etag", state.etag if response.outcome == "not_modified" else None),
        last_modified=response.headers.get(
            "last-modified", state.last_modified if response.outcome == "not_modified" else None
        ),
        interval=int(interval.total_seconds()),
        next_fetch_at=now + _jittered(interval, jitter),
        retry_after_at=None,
        consecutive_failures=0,
        last_poll_at=now,
        last_ok_at=now,
        last_new_at=now if new else state.last_new_at,
        note=_note(feed, moved, response, parsed),
    )


def page_retry(attempts: int, outcome: str, now: datetime, retry_after: float | None) -> datetime | None:
    """Return when to try a page again after `attempts` tries; None when its failure is final.

    `outcome` is a Response's outcome, or its HTTP status in any of the forms 503, http_503 and error:503.
    """
    if outcome == "retry_later":
        return now + max(_seconds(retry_after), SHORTEST)
    kind = _status_of(outcome) or outcome
    name = _class(kind)
    if attempts >= PAGE_ATTEMPTS or name == "permanent":
        return None
    return now + max(_back_off(name, attempts), _seconds(retry_after))


def _held(state: FeedState, response: Response, now: datetime) -> FeedState:
    """The host asked to be left alone: no request was made, so nothing is known but when to come back."""
    until = now + max(_seconds(response.retry_after), timedelta(minutes=1))
    return replace(state, next_fetch_at=until, note=response.error or "the host asked to be left alone")


def _failure(response: Response, parsed: ParsedFeed | None) -> str | None:
    """Return the kind of a failure; None for a success."""
    if response.outcome in ("ok", "not_modified"):
        is_error = parsed is not None and parsed.status.startswith("error:")
        return parsed.status.removeprefix("error:") if is_error and parsed is not None else None
    if response.outcome == "http":
        return str(response.status)
    return response.outcome


def _failed(
    state: FeedState, kind: str, response: Response, parsed: ParsedFeed | None, now: datetime, jitter: float
) -> FeedState:
    failures = state.consecutive_failures + 1
    is_gone = kind == "410" or state.status == "gone"
    asked = _seconds(response.retry_after) if response.retry_after is not None else None
    delay = GONE_PROBE if is_gone else _jittered(_back_off(_class(kind), failures), jitter)
    gives_up_move = state.adopted_url is not None and failures >= _UNADOPT_AFTER and _class(kind) == "permanent"
    return replace(
        state,
        status="gone" if is_gone else f"error:{kind}",
        next_fetch_at=now + max(delay, asked or timedelta()),
        retry_after_at=now + asked if asked is not None else None,
        consecutive_failures=failures,
        last_poll_at=now,
        adopted_url=None if gives_up_move else state.adopted_url,
        note=(parsed.note if parsed is not None and parsed.note else response.error) or kind,
    )


def _class(kind: str) -> str:
    """Return permanent, temporary or throttled."""
    if kind in _THROTTLED:
        return "throttled"
    is_server_error = kind.isdecimal() and 500 <= int(kind) < 600
    return "temporary" if kind in _TEMPORARY or is_server_error or kind.startswith("parser_") else "permanent"


def _back_off(name: str, failures: int) -> timedelta:
    first, ceiling = _BACK_OFF[name]
    return min(first * (1 << min(max(failures - 1, 0), 12)), ceiling)


def reach(entry_times: Sequence[datetime], newest_known: datetime | None = None) -> datetime | None:
    """How far back a feed shows all that there was: to its oldest entry, but for a few pinned or misdated ones.

    Up to three entries, and a third of all, are such when they lie two weeks and four times the widest other gap
    behind the rest. The newest entry that was known before is none: whatever came after it is shown.
    """
    newest_first = sorted(entry_times, reverse=True)
    for count in range(1, min(max(len(newest_first) // 3, 1), 3, len(newest_first) - 1) + 1):
        rest, behind = newest_first[:-count], newest_first[-count:]
        widest = max((later - earlier for later, earlier in pairwise(rest)), default=timedelta())
        if rest[-1] - behind[0] > max(_PINNED, 4 * widest) and newest_known not in behind:
            return rest[-1]
    return min(entry_times, default=None)


def _status_of(outcome: str) -> str | None:
    match = re.fullmatch(r"(?:http|error|status)?[_: ]?(\d{3})", outcome)
    return match[1] if match else None


def _seconds(value: float | None) -> timedelta:
    return timedelta(seconds=min(max(value or 0.0, 0.0), LONGEST_RETRY_AFTER.total_seconds()))


def _jittered(delay: timedelta, jitter: float) -> timedelta:
    """Bring a delay forward by up to 15 %, never under the shortest interval."""
    return max(delay * (1 - 0.15 * min(max(jitter, 0.0), 1.0)), min(delay, SHORTEST))


def _interval(
    state: FeedState,
    response: Response,
    parsed: ParsedFeed | None,
    new: int,
    entry_times: Sequence[datetime],
    now: datetime,
) -> timedelta:
    """Return the next interval: about one post, stretched by cache headers and silence, held inside the window."""
    known = timedelta(seconds=state.interval)
    oldest = reach(entry_times) or state.oldest_entry_at
    entries = len(entry_times) or state.window_entries
    span = max(now - oldest, timedelta()) if oldest is not None else None
    per_entry = span / entries if span is not None and entries else None
    is_rolled = parsed is not None and state.last_ok_at is not None and 0 < len(parsed.entries) == new
    if is_rolled:
        wanted = min(known / 4, per_entry or known)
    elif new:
        wanted = per_entry or known / 2
    else:
        wanted = min(known * 1.5, max(per_entry, known)) if per_entry else known * 1.5
    wanted = max(wanted, _asked_for(response, parsed))
    if span is not None and entries > 1:
        wanted = min(wanted, span / _WINDOW_SHARE)
    return min(max(wanted, SHORTEST), LONGEST)


def _asked_for(response: Response, parsed: ParsedFeed | None) -> timedelta:
    """Return the interval that the feed and its cache headers ask for."""
    match = _MAX_AGE.search(response.headers.get("cache-control", ""))
    by_cache = min(timedelta(seconds=int(match[1])), _CACHE_TRUST) if match else timedelta()
    by_feed = min(timedelta(seconds=parsed.ttl), _CACHE_TRUST) if parsed is not None and parsed.ttl else timedelta()
    return max(by_cache, by_feed)


def _moved(state: FeedState, response: Response, now: datetime) -> FeedState:
    """Record a permanent redirect at once; adopt it when it has been seen long or often enough."""
    target = response.moved_to
    if target is None:
        if state.adopted_url is not None:
            return state
        return replace(state, moved_to=None, moved_first_at=None, moved_seen=0)
    if target != state.moved_to:
        return replace(state, moved_to=target, moved_first_at=now, moved_seen=1)
    seen = state.moved_seen + 1
    is_old = state.moved_first_at is not None and now - state.moved_first_at >= ADOPT_AFTER
    adopted = target if seen >= ADOPT_AFTER_POLLS or is_old else state.adopted_url
    return replace(state, moved_seen=seen, adopted_url=adopted)


def _good_status(state: FeedState, moved: FeedState, response: Response, parsed: ParsedFeed | None) -> str:
    if response.moved_to is not None and moved.adopted_url != response.moved_to:
        return "moved"
    if parsed is not None:
        return parsed.status
    return state.status if state.status in ("ok", "warn") else "ok"


def _note(feed: Feed, moved: FeedState, response: Response, parsed: ParsedFeed | None) -> str | None:
    notes = [parsed.note] if parsed is not None and parsed.note else []
    if response.moved_to is not None and moved.adopted_url != response.moved_to:
        notes.append(f"moved from {feed.url} to {response.moved_to}, seen {moved.moved_seen} times")
    return "; ".join(notes) or None
