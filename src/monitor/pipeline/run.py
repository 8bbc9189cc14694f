"""One run from settings to published copy."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from monitor import marts, publish
from monitor.config import Settings
from monitor.pipeline.articles import ArticleCounts, ArticleStage
from monitor.pipeline.context import Clock, Progress, Run, quiet
from monitor.pipeline.feeds import FeedStage, PollCounts
from monitor.pipeline.fetching import Fetcher
from monitor.pipeline.knowledge import keep_gazetteer
from monitor.records import Feed, Place
from monitor.store import Warehouse
from monitor.store.boilerplate import revise
from monitor.store.forget import without_forgotten
from monitor.store.health import newest_time
from monitor.store.hosts import load_hosts, save_hosts
from monitor.store.turn import turn
from monitor.store.zone import sync_week_zone
from monitor.work import executor

log = logging.getLogger(__name__)

_AHEAD = timedelta(hours=1)  # a clock that is set right again by minutes is nothing to speak of


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did; `counts` are the columns of its row in the runs table."""

    run_id: str
    started_at: datetime
    seconds: float
    feeds_due: int
    feeds_ok: int
    unreached: int
    failures: tuple[tuple[str, str, str], ...]
    counts: Mapping[str, int]
    published: Path | None

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return asdict(self) | {"started_at": self.started_at.isoformat(), "published": str(self.published or "")}


def collect(
    settings: Settings, feeds: Sequence[Feed], clock: Clock, *, all_: bool = False, progress: Progress = quiet
) -> RunReport:
    """Collect once. Raises LockedError, DataFolderError, SchemaVersionError, CheckFailedError."""
    began, started_at = time.monotonic(), clock()
    run_id = started_at.strftime("%Y%m%dT%H%M%S.%fZ")
    _tell_of_loss(settings.place, started_at)
    with Warehouse.open(settings.place, clock) as warehouse:
        _tell_of_clock(warehouse, started_at)
        with executor(settings.executor, settings.worker_count) as map_:  # gone before marts and checks need memory
            tagged_by = keep_gazetteer(warehouse, settings.gazetteer)
            sync_week_zone(warehouse, settings.week_zone)
            feeds = without_forgotten(warehouse, feeds)
            warehouse.sync_feeds(feeds)
            warehouse.start_run(run_id, started_at)
            by_id = {f.feed_id: f for f in feeds}
            run = Run(run_id, settings, clock, warehouse, map_, tagged_by, by_id, all_, progress)
            run.robots, run.holds = load_hosts(warehouse.connection, started_at)
            polled, stored = _stages(run)
        revise(warehouse.connection, clock())
        save_hosts(warehouse.connection, run.robots, run.holds, clock())
        counts = _finish(run, polled, {"articles": stored.articles, "mentions": stored.mentions})
        published = build_and_publish(warehouse, clock(), changed=True)
    report = RunReport(
        run_id,
        started_at,
        time.monotonic() - began,
        polled.due,
        polled.ok,
        polled.unreached,
        tuple(polled.failures),
        counts,
        published,
    )
    log.info("run %s: %d of %d feeds, %s", run_id, polled.ok, polled.due, dict(counts))
    return report


def _tell_of_loss(place: Place, now: datetime) -> None:
    """A warehouse that was lost is begun anew, but not without a word, and what was published is kept."""
    path = place.data / "warehouse.duckdb"
    if place.is_lake or path.exists():
        return
    if kept := publish.keep_newest(place.data, now):
        log.warning(
            "%s is missing though copies are published: a new archive is begun, the newest copy is kept as %s "
            "(to restore it: docs/operate.md)",
            path,
            kept,
        )


def _tell_of_clock(warehouse: Warehouse, now: datetime) -> None:
    newest = newest_time(warehouse.connection)
    if newest and newest - now > _AHEAD:
        log.warning(
            "the clock says %s UTC, but a run or poll was made at %s: one of the two is wrong, see monitor doctor",
            f"{now:%Y-%m-%d %H:%M}",
            f"{newest:%Y-%m-%d %H:%M}",
        )


def _stages(run: Run) -> tuple[PollCounts, ArticleCounts]:
    """Polls, and articles as soon as only slow feeds are left to wait for."""
    with Fetcher(run.web) as fetcher:
        feeds, articles = FeedStage(run, fetcher), ArticleStage(run, fetcher)
        while not feeds.advance():
            articles.take()
        articles.take()
    return feeds.counts, articles.counts


def _finish(run: Run, polled: PollCounts, stored: Mapping[str, int]) -> Mapping[str, int]:
    counts = {
        **stored,
        "feeds_due": polled.due,
        "feeds_ok": polled.ok,
        "feeds_failed": polled.due - polled.ok,
        "discovered": polled.new_entries,
    }
    return run.warehouse.finish_run(run.run_id, run.clock(), "completed", counts)


def build_and_publish(warehouse: Warehouse, now: datetime, *, changed: bool = False) -> Path | None:
    """Marts, checks, then the copy that everybody else opens. Raises CheckFailedError and leaves the old copy.

    With `changed` the checks look at what changed, unless everything is due: once a day, and after anything unusual.
    """
    with turn(warehouse.connection):  # what is published is what was checked, also where others write
        refreshed = marts.refresh(warehouse)
        return check_and_publish(warehouse, now, changed=changed and refreshed and not warehouse.needs_whole_check(now))


def check_and_publish(warehouse: Warehouse, now: datetime, *, changed: bool = False) -> Path | None:
    """Checks of everything, or of what changed, and the copy. Raises CheckFailedError and leaves the old copy."""
    if failures := marts.check(warehouse, changed=changed):
        warehouse.distrust()
        raise marts.refusal(failures)
    warehouse.note_check(None if changed else now)
    return publish.publish(warehouse, now)
