"""The article stage: pending entries to pages, pages to articles with mentions, one transaction a batch."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from monitor import poll
from monitor.article.feed_text import feed_text_is_full
from monitor.batch import Batch, EntryOutcome, PendingEntry
from monitor.pipeline.batches import ArticleWork
from monitor.pipeline.context import Run
from monitor.pipeline.fetching import Fetcher, Request, in_batches
from monitor.pipeline.jobs import PageDone, PageJob, entry_key, program
from monitor.records import Page, Response
from monitor.urls import site_of
from monitor.work import Lost, split_lost

log = logging.getLogger(__name__)
T = TypeVar("T")

_BATCH, _SMALLEST = 50, 8
_LOAD = 400  # articles of one transaction: most of what a load costs is the same for ten as for four hundred
_LOAD_SECONDS = 10.0
_HTML = "text/html; charset=utf-8"


@dataclass(slots=True)
class ArticleCounts:
    """What the article stage stored."""

    articles: int = 0
    mentions: int = 0


@dataclass(frozen=True, slots=True)
class _Fetched:
    """A page that arrived, or the reason why none did; `retry_at` when it may be asked for again."""

    pending: PendingEntry
    page: Page | None
    failure: str | None
    retry_after: float | None = None


@dataclass(slots=True)
class _Plan:
    """Whom to fetch, who has its text already, and who waits for another entry's page."""

    fetch: list[PendingEntry] = field(default_factory=list)
    ready: list[PendingEntry] = field(default_factory=list)
    twins: dict[int, list[PendingEntry]] = field(default_factory=lambda: defaultdict(list))
    repeats: list[EntryOutcome] = field(default_factory=list)


class ArticleStage:
    """The articles of one run. `take` may be called several times: no entry is tried twice in a run."""

    def __init__(self, run: Run, fetcher: Fetcher) -> None:
        self._run, self._fetcher = run, fetcher
        self._work = ArticleWork(run.settings.gazetteer, run.settings.week_zone, program(run.tagger_version))
        self._tried = set[tuple[str, str]]()
        self._per_host = Counter[str]()
        self._of = self._done = 0
        self.counts = ArticleCounts()

    def take(self) -> None:
        """Turn pending entries into articles until none is left that may be taken now."""
        run, waiting = self._run, self._run.warehouse.pending(self._run.clock(), all_=self._run.all_)
        plan = _plan(run, [p for p in waiting if entry_key(p.entry) not in self._tried], self._per_host)
        self._tried.update(entry_key(p.entry) for p in (*plan.fetch, *plan.ready))
        self._of += len(plan.fetch) + len(plan.ready)
        if plan.repeats:
            _load(run, [], plan.repeats, self.counts)
        done: list[PageDone] = []
        since = run.clock()
        for result in split_lost(run.map_, self._work, _jobs(run, self._fetcher, plan, self.counts)):
            done += self._given_up(result) if isinstance(result, Lost) else result
            if len(done) >= _LOAD or (run.clock() - since).total_seconds() >= _LOAD_SECONDS:
                self._store(plan, done)
                done, since = [], run.clock()
        self._store(plan, done)

    def _store(self, plan: _Plan, done: list[PageDone]) -> None:
        run = self._run
        _load(run, done, _outcomes(run, plan, done), self.counts)
        self._done += len(done)
        run.progress("articles", self._done, self._of)

    def _given_up(self, lost: Lost) -> list[PageDone]:
        from monitor.pipeline.worker import give_up  # heavy, and seldom needed here

        work = self._work
        for job in lost.batch:
            log.warning("set aside, its worker ended by %s: %s", lost.reason, job.pending.entry.url)
        return [give_up(job, f"worker_{lost.reason}", work.gazetteer, work.week_zone) for job in lost.batch]


def _plan(run: Run, pending: Sequence[PendingEntry], per_host: Counter[str]) -> _Plan:
    plan, owners = _Plan(), set[int]()
    ids = [p.entry.article_id for p in pending if p.entry.article_id is not None]
    stored = run.warehouse.existing_articles(ids)
    for p in pending:
        link = p.entry.article_id
        if link is None or p.entry.url is None:
            continue
        if link in stored and not p.attempts:
            plan.repeats.append(_outcome(p, "duplicate", stored[link]))
        elif link in owners:
            plan.twins[link].append(p)
        elif p.entry.feed_id in run.feeds and feed_text_is_full(p.entry, run.feeds[p.entry.feed_id]):
            owners.add(link)
            plan.ready.append(p)
        elif per_host[host := site_of(p.entry.url)] < run.settings.pages_per_host:
            owners.add(link)
            per_host[host] += 1
            plan.fetch.append(p)
    return plan


def _jobs(run: Run, fetcher: Fetcher, plan: _Plan, counts: ArticleCounts) -> Iterator[list[PageJob]]:
    for entries in shared_out(plan.ready, len(plan.ready), run.settings.worker_count):
        yield _page_jobs(run, [_from_feed(p) for p in entries])
    requests = [Request(p, p.entry.url or "", "page") for p in plan.fetch]
    for request in requests:
        run.expect(request.url, request.item.entry.feed_id)
    left = len(requests)
    for batch in in_batches(fetcher.stream(requests), _BATCH, 2.0):
        fetched = [_fetched(request.item, response) for request, response in batch]
        refused = [f for f in fetched if f.failure in ("blocked", "bad_url")]
        if refused:
            _load(run, [], [_outcome(f.pending, "refused", None, f.failure) for f in refused], counts)
        held = ("blocked", "bad_url", "retry_later")
        pages = [f for f in fetched if f.failure not in held]
        for some in shared_out(pages, left, run.settings.worker_count):
            yield _page_jobs(run, some)
        left -= len(batch)


def shared_out(items: Sequence[T], left: int, workers: int) -> Iterator[Sequence[T]]:
    """Batches for the workers, smaller when few items are `left`, so that no worker ends long before another."""
    size = min(_BATCH, max(_SMALLEST, -(-left // (2 * workers))))
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _page_jobs(run: Run, fetched: Sequence[_Fetched]) -> list[PageJob]:
    lines, now = run.known_lines(f.pending.publisher for f in fetched), run.clock()
    return [PageJob(f.pending, f.page, f.failure, now, lines[f.pending.publisher]) for f in fetched]


def _from_feed(pending: PendingEntry) -> _Fetched:
    entry = pending.entry
    url = entry.url or ""
    return _Fetched(pending, Page(url, url, (entry.content or "").encode(), _HTML, from_feed=True), None)


def _fetched(pending: PendingEntry, response: Response) -> _Fetched:
    if response.outcome == "ok":
        final = response.final_url or response.url
        return _Fetched(
            pending, Page(response.url, final, response.body, response.headers.get("content-type", "")), None
        )
    reason = f"http_{response.status}" if response.outcome == "http" else response.outcome
    return _Fetched(pending, None, reason, response.retry_after)


def _outcomes(run: Run, plan: _Plan, results: Sequence[PageDone]) -> list[EntryOutcome]:
    """Settle each result's entry and, once it is settled, the entries that wait for the same page."""
    now = run.clock()
    outcomes = []
    for done in results:
        p, final = done.job.pending, done.article.article_id
        retry = poll.page_retry(p.attempts + 1, done.job.failure, now, None) if done.job.failure else None
        outcomes.append(_outcome(p, "failed" if retry else "stored", final, done.article.reason, retry))
        if p.entry.article_id is not None and not retry:
            outcomes += [_outcome(t, "duplicate", final) for t in plan.twins.pop(p.entry.article_id, ())]
    return outcomes


def _outcome(
    p: PendingEntry, outcome: str, article_id: int | None, reason: str | None = None, retry_at: datetime | None = None
) -> EntryOutcome:
    return EntryOutcome(
        feed_id=p.entry.feed_id,
        entry_id=p.entry.entry_id,
        outcome=outcome,
        reason=reason,
        article_id=article_id,
        attempts=p.attempts + 1,
        next_attempt_at=retry_at,
    )


def _load(run: Run, results: Sequence[PageDone], outcomes: Sequence[EntryOutcome], counts: ArticleCounts) -> None:
    fetches = run.fetches()
    if not (results or outcomes or fetches):
        return
    once = _once(results)
    batch = Batch(
        run_id=run.run_id,
        fetches=fetches,
        articles=tuple(d.article for d in once.values()),
        mentions={key: d.mentions for key, d in once.items()},
        bands={key: d.bands for key, d in once.items()},
        lines={key: d.lines for key, d in once.items()},
        outcomes=tuple(outcomes),
    )
    loaded = run.warehouse.load(batch)
    counts.articles += loaded.articles
    counts.mentions += loaded.mentions


def _once(results: Sequence[PageDone]) -> dict[int, PageDone]:
    """One result for each article, the first that has a text: pages that name one canonical address are one article."""
    once: dict[int, PageDone] = {}
    for done in sorted(results, key=lambda d: d.article.status == "metadata"):
        once.setdefault(done.article.article_id, done)
    return once
