"""The schedule is one pure function of state, answer and time: any of them lead to a sane state."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.poll import LONGEST, SHORTEST, decide, is_due
from monitor.records import FeedState, ParsedFeed
from tests.unit.polls import FEED, HOUR, NOW, answer, entries

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
