"""The feed stage: poll what is due, parse what changed, store entries with the state that made them known."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor import poll
from monitor.batch import PollResult
from monitor.pipeline.batches import parse_batch
from monitor.pipeline.context import Run
from monitor.pipeline.fetching import Fetcher, Request, in_batches
from monitor.pipeline.jobs import FeedDone, FeedJob
from monitor.records import Feed, FeedState, ParsedFeed, Response, Window
from monitor.work import Lost, split_lost

_BATCH = 25
_ANSWERS = 100
_IDLE = 1.5  # seconds without an answer: meanwhile pages can be fetched


@dataclass(slots=True)
class PollCounts:
    """What the feed stage did; `failures` are (feed_id, status, note)."""

    due: int = 0
    ok: int = 0
    unreached: int = 0
    new_entries: int = 0
    failures: list[tuple[str, str, str]] = field(default_factory=list)


class FeedStage:
    """The polls of one run; `advance` stores what has answered and says whether all have."""

    def __init__(self, run: Run, fetcher: Fetcher) -> None:
        self._run = run
        states, now = run.warehouse.feed_states(), run.clock()
        known = [(feed, states.get(feed_id) or FeedState(feed_id)) for feed_id, feed in run.feeds.items()]
        due = [(feed, state) for feed, state in known if feed.active and poll.is_due(state, now, all_=run.all_)]
        self.counts = PollCounts(due=len(due))
        ids = [feed.feed_id for feed, _ in due]
        self._seen, self._newest = run.warehouse.known_entry_ids(ids), run.warehouse.newest_entries(ids)
        self._done = 0
        stream = fetcher.stream([_request(run, feed, state) for feed, state in due])
        self._answers = in_batches(stream, _ANSWERS, 1.0, idle=_IDLE)

    def advance(self) -> bool:
        """Work until every feed has answered (True) or those that are left are slow (False)."""
        for answers in self._answers:
            if not answers:
                return False
            jobs = [_job(self._run, request.item, response) for request, response in answers]
            for result in split_lost(self._run.map_, parse_batch, _cut(jobs)):
                self._save(_given_up(result) if isinstance(result, Lost) else result)
        return True

    def _save(self, results: list[FeedDone]) -> None:
        run = self._run
        polls = [_settle(run, r, self._seen, self._newest, self.counts) for r in results]
        _add_ledger(run, polls)
        self.counts.new_entries += run.warehouse.save_polls(run.run_id, polls, run.clock())
        self._done += len(results)
        run.progress("feeds", self._done, self.counts.due)


def _cut(jobs: list[FeedJob]) -> Iterator[list[FeedJob]]:
    for start in range(0, len(jobs), _BATCH):
        yield jobs[start : start + _BATCH]


def _request(run: Run, feed: Feed, state: FeedState) -> Request[tuple[Feed, FeedState]]:
    url = state.adopted_url or feed.url
    run.expect(url, feed.feed_id)
    return Request((feed, state), url, "feed", state.etag, state.last_modified)


def _job(run: Run, item: tuple[Feed, FeedState], response: Response) -> FeedJob:
    feed, state = item
    body_hash = hashlib.sha256(response.body).hexdigest() if response.outcome == "ok" else None
    unchanged = body_hash is None or body_hash == state.body_hash
    slim = replace(response, body=b"") if unchanged else response
    return FeedJob(feed, state, slim, body_hash, unchanged, run.clock())


def _given_up(lost: Lost) -> list[FeedDone]:
    broken = ParsedFeed(f"error:parser_{lost.reason}", note="this feed's document killed its parser")
    return [FeedDone(job, broken) for job in lost.batch]


def _settle(
    run: Run, done: FeedDone, known: dict[str, set[str]], newest: Mapping[str, datetime], counts: PollCounts
) -> PollResult:
    job, parsed = done.job, done.parsed
    seen = known.setdefault(job.feed.feed_id, set())
    entries = tuple(e for e in parsed.entries if e.entry_id not in seen) if parsed else ()
    seen.update(e.entry_id for e in entries)
    state = _next_state(job, parsed, len(entries), newest.get(job.feed.feed_id))
    held = job.response.outcome == "retry_later"
    failed = state.status.startswith("error") or state.status == "gone"
    counts.ok += not failed and not held
    counts.unreached += job.response.status is None
    if failed or held:
        status = "held" if held else state.status
        counts.failures.append((job.feed.feed_id, status, state.note or job.response.error or ""))
    window = None if failed or held else _window(run, job, state, len(entries))
    return PollResult(state, (), window, entries)


def _next_state(job: FeedJob, parsed: ParsedFeed | None, new: int, newest_known: datetime | None) -> FeedState:
    times = [e.published_at for e in parsed.entries if e.published_at] if parsed else []
    state = poll.decide(
        job.state,
        job.feed,
        job.response,
        parsed,
        new=new,
        entry_times=times,
        now=job.now,
        jitter=_jitter(job),
    )
    if parsed is None or parsed.status.startswith("error"):
        return state
    return replace(
        state,
        body_hash=job.body_hash,
        oldest_entry_at=poll.reach(times, newest_known),
        window_entries=len(parsed.entries),
    )


def _jitter(job: FeedJob) -> float:
    """A number in [0, 1) that differs between feeds and polls and is the same when a run is repeated."""
    return random.Random(f"{job.feed.feed_id}|{job.now.isoformat()}").random()  # spreads load, no secret


def _window(run: Run, job: FeedJob, state: FeedState, new: int) -> Window:
    return Window(
        feed_id=job.feed.feed_id,
        run_id=run.run_id,
        polled_at=job.now,
        oldest_entry_at=state.oldest_entry_at,
        entries=state.window_entries,
        new_entries=new,
        is_first=job.state.last_ok_at is None,
    )


def _add_ledger(run: Run, polls: list[PollResult]) -> None:
    """Attempts are stored with the first poll of their batch: they name their feed themselves."""
    if polls:
        polls[0] = replace(polls[0], fetches=run.fetches())
