"""Older articles of one feed: walked back through its archive, then sought in sitemaps; loaded as a run's are."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor import poll
from monitor.batch import PollResult
from monitor.config import Settings
from monitor.errors import UnreachableError, UsageError
from monitor.pipeline.archive_walk import Walk, walk_archive
from monitor.pipeline.articles import ArticleCounts, ArticleStage
from monitor.pipeline.context import Clock, Progress, Run, quiet
from monitor.pipeline.fetching import Fetcher
from monitor.pipeline.knowledge import keep_gazetteer
from monitor.pipeline.run import build_and_publish
from monitor.records import Entry, Feed, FeedState, Window
from monitor.store import Warehouse
from monitor.store.boilerplate import revise
from monitor.store.forget import without_forgotten
from monitor.store.hosts import load_hosts, save_hosts
from monitor.store.zone import sync_week_zone
from monitor.work import executor


@dataclass(frozen=True, slots=True)
class BackfillReport:
    """What a backfill did. `reached` is how far back its walk without a gap came: coverage counts from there on.

    `found` are entries since the asked date, `new` those that were not known; `left` were over the limit.
    """

    run_id: str
    feed_id: str
    since: datetime
    documents: int
    found: int
    new: int
    left: int
    from_sitemaps: int
    reached: datetime | None
    ended: str
    counts: Mapping[str, int]
    pending: int
    published: Path | None


def backfill(
    settings: Settings,
    feeds: list[Feed],
    feed_id: str,
    since: datetime,
    clock: Clock,
    *,
    limit: int = 500,
    progress: Progress = quiet,
) -> BackfillReport:
    """Collect what a feed published since a time. Run again, it stores nothing twice and goes on where it stopped.

    Raises UsageError, UnreachableError, LockedError, DataFolderError, SchemaVersionError, CheckFailedError.
    """
    feed = next((f for f in feeds if f.feed_id == feed_id), None)
    if feed is None:
        raise UsageError(f"no feed has the id {feed_id!r}: `monitor feeds list` shows them")
    started_at = clock()
    run_id = started_at.strftime("%Y%m%dT%H%M%S.%fZ")
    with Warehouse.open(settings.place, clock) as warehouse:
        with executor(settings.executor, settings.worker_count) as map_:
            kept = without_forgotten(warehouse, feeds)
            if feed not in kept:
                raise UsageError(f"the source {feed.publisher} was forgotten and is not collected again")
            tagged_by = keep_gazetteer(warehouse, settings.gazetteer)
            sync_week_zone(warehouse, settings.week_zone)
            warehouse.sync_feeds(kept)
            _need_open(warehouse, feed, started_at)
            warehouse.start_run(run_id, started_at)
            by_id = {f.feed_id: f for f in kept}
            run = Run(run_id, settings, clock, warehouse, map_, tagged_by, by_id, False, progress)
            run.robots, run.holds = load_hosts(warehouse.connection, started_at)
            walk, chosen = _walk(run, feed, since, limit)
            new = _save(run, feed, walk, chosen)
            stored = _articles(run) if walk.is_reached else ArticleCounts()
        revise(warehouse.connection, clock())
        save_hosts(warehouse.connection, run.robots, run.holds, clock())
        counts = _finish(run, walk, stored)
        published = build_and_publish(warehouse, clock())
    if not walk.is_reached:
        raise UnreachableError(f"{feed.url} could not be read: {walk.ended}")
    return _report(run, feed, since, walk, chosen, new, counts, published)


def _need_open(warehouse: Warehouse, feed: Feed, now: datetime) -> None:
    """What holds for `monitor run --all` holds here: a feed's Retry-After and its being gone are respected."""
    state = warehouse.feed_states().get(feed.feed_id)
    if state is None or poll.is_due(state, now, all_=True):
        return
    until = state.retry_after_at or state.next_fetch_at
    why = "says it is gone" if state.status == "gone" else "asked to be left alone"
    raise UsageError(f"{feed.feed_id} {why}: not asked before {until:%Y-%m-%d %H:%M} UTC")


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is stored of a walk: the older entries, how far back they prove the coverage, and how many were over."""

    older: tuple[Entry, ...]
    reached: datetime | None
    found: int
    left: int


def _walk(run: Run, feed: Feed, since: datetime, limit: int) -> tuple[Walk, _Kept]:
    known = run.warehouse.known_entry_ids([feed.feed_id])[feed.feed_id]
    state = run.warehouse.feed_states().get(feed.feed_id) or FeedState(feed.feed_id)
    walk = asyncio.run(walk_archive(run, feed, state, since, limit, frozenset(known)))
    return walk, keep(walk, since, limit, known)


def keep(walk: Walk, since: datetime, limit: int, known: set[str]) -> _Kept:
    """Choose the entries to store: not older than asked, the newest first, at most `limit` new ones.

    Where the limit cuts, coverage ends: what lies before the last entry taken was seen but not stored.
    """
    recent = {e.entry_id for e in walk.current}
    asked = [e for e in walk.older if e.published_at is None or e.published_at >= since]
    new = sorted(
        (e for e in asked if e.entry_id not in known and e.entry_id not in recent),
        key=lambda e: e.published_at.timestamp() if e.published_at else 0.0,
        reverse=True,
    )
    taken, left = new[:limit], new[limit:]
    reached = walk.reached
    if reached is not None and any(e.entry_id in walk.in_archive for e in left):
        reached = max([reached, *(e.published_at for e in left if e.published_at and e.entry_id in walk.in_archive)])
    return _Kept(tuple(taken), reached, len(asked), len(left))


def _save(run: Run, feed: Feed, walk: Walk, kept: _Kept) -> int:
    """What the feed shows now is an ordinary poll's; only what lies behind it is marked as backfilled."""
    state = run.warehouse.feed_states().get(feed.feed_id) or FeedState(feed.feed_id)
    fetches, now = run.fetches(), run.clock()
    known = run.warehouse.known_entry_ids([feed.feed_id])[feed.feed_id]
    window = Window(
        feed_id=feed.feed_id,
        run_id=run.run_id,
        polled_at=walk.began_at,
        oldest_entry_at=kept.reached,
        entries=len(walk.current) + len(kept.older),
        new_entries=sum(e.entry_id not in known for e in (*walk.current, *kept.older)),
        is_first=state.last_ok_at is None,
    )
    current = PollResult(state, fetches, window if walk.has_current else None, walk.current)
    run.warehouse.save_polls(run.run_id, [current], now)
    return run.warehouse.save_polls(run.run_id, [PollResult(state, (), None, kept.older, backfilled=True)], now)


def _articles(run: Run) -> ArticleCounts:
    with Fetcher(run.web) as fetcher:
        stage = ArticleStage(run, fetcher)
        stage.take()
    return stage.counts


def _finish(run: Run, walk: Walk, stored: ArticleCounts) -> Mapping[str, int]:
    counts = {
        "articles": stored.articles,
        "mentions": stored.mentions,
        "feeds_due": 1,
        "feeds_ok": int(walk.is_reached),
        "feeds_failed": int(not walk.is_reached),
    }
    return run.warehouse.finish_run(run.run_id, run.clock(), "backfilled", counts)


def _report(
    run: Run,
    feed: Feed,
    since: datetime,
    walk: Walk,
    kept: _Kept,
    new: int,
    counts: Mapping[str, int],
    path: Path | None,
) -> BackfillReport:
    sitemap = sum(e.entry_id not in walk.in_archive for e in kept.older)
    return BackfillReport(
        run_id=run.run_id,
        feed_id=feed.feed_id,
        since=since,
        documents=walk.documents,
        found=kept.found,
        new=new,
        left=kept.left,
        from_sitemaps=sitemap,
        reached=kept.reached if walk.has_current else None,
        ended=walk.ended,
        counts=counts,
        pending=counts.get("pending", 0),
        published=path,
    )
