"""What the service does at each turn, in plain functions: the flows give them names, times and retries."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor import marts
from monitor.backup import Backup, back_up
from monitor.config import Settings
from monitor.errors import CheckFailedError, DataFolderError, LockedError, MonitorError, UsageError
from monitor.notify import CollectFacts, write_facts
from monitor.overview import failing, feed_rows, run_summary, week_report
from monitor.pipeline.context import Progress, quiet
from monitor.pipeline.retag import prune_past
from monitor.pipeline.retag import retag as tag_archive
from monitor.pipeline.run import RunReport, check_and_publish, collect
from monitor.queries import open_archive
from monitor.records import Feed
from monitor.store import Warehouse
from monitor.store.turn import turn

log = logging.getLogger(__name__)

_MOST_ROWS = 200
_PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0)  # seconds to wait for another writer
_DRAWING = 300.0  # seconds

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a collection ended: `kind` is completed, failed or skipped; `name` says it in a few words."""

    kind: str
    name: str
    message: str
    report: RunReport | None = None


def collect_and_note(
    settings: Settings,
    feeds: list[Feed],
    clock: Clock,
    *,
    all_: bool = False,
    progress: Progress = quiet,
    sleep: Callable[[float], None] = time.sleep,
) -> Outcome:
    """Collect once, and note for the alarms what came of it. What we have a name for is not raised.

    A backup or refresh may be at work: it is waited for, up to half a minute.
    """
    for pause in _PAUSES:
        try:
            return _collect_and_note(settings, feeds, clock, all_, progress)
        except LockedError:
            sleep(pause)
    try:
        return _collect_and_note(settings, feeds, clock, all_, progress)
    except LockedError as error:
        return Outcome("skipped", "Skipped", f"{error}; the next run goes on")


def _collect_and_note(settings: Settings, feeds: list[Feed], clock: Clock, all_: bool, progress: Progress) -> Outcome:
    try:
        report = collect(settings, feeds, clock, all_=all_, progress=progress)
    except LockedError:
        raise
    except MonitorError as error:
        kind = "check_failed" if isinstance(error, CheckFailedError) else "failed"
        write_facts(settings.data, CollectFacts(clock(), kind, str(error)))
        return Outcome("failed", "Data check failed" if kind == "check_failed" else "Failed", str(error))
    outcome = judge(report)
    bad, active = _failing(settings, report)
    kind = "completed" if outcome.kind == "completed" else "unreached"
    write_facts(settings.data, CollectFacts(clock(), kind, outcome.message, active, bad))
    return outcome


def judge(report: RunReport) -> Outcome:
    """A run whose feeds failed in part is complete and says so; one that reached no feed has failed."""
    message = (
        f"{report.feeds_ok} of {report.feeds_due} feeds answered, {report.counts.get('articles', 0)} articles stored"
    )
    if report.feeds_due and report.unreached == report.feeds_due:
        return Outcome("failed", "No feed reached", f"none of {report.feeds_due} feeds could be reached", report)
    missed = report.feeds_due - report.feeds_ok
    name = f"{missed} of {report.feeds_due} feeds failed" if missed else "Completed"
    return Outcome("completed", name, message, report)


def summary_of(settings: Settings, report: RunReport) -> tuple[str, list[dict[str, str]]]:
    """Markdown of a run and the table of its feeds, as published. Raises DataFolderError before the first publish."""
    with open_archive(settings.place) as archive:
        return run_summary(report, archive, page(settings)), feed_rows(archive)


def page(settings: Settings) -> str:
    """Where the dashboard is."""
    return settings.dashboard_url or f"http://127.0.0.1:{settings.dashboard_port}/"


def rebuild(settings: Settings, clock: Clock) -> Path | None:
    """Build all marts anew, run the checks and publish. Raises LockedError, CheckFailedError."""
    with Warehouse.open(settings.place, clock) as warehouse, turn(warehouse.connection):
        marts.build(warehouse)
        try:
            return check_and_publish(warehouse, clock())
        except CheckFailedError as refused:
            write_facts(settings.data, CollectFacts(clock(), "check_failed", str(refused)))
            raise


@dataclass(frozen=True, slots=True)
class Retagged:
    """What tagging again came to: a sentence, and the counts that differ most."""

    summary: str
    rows: list[dict[str, str]]


def retag(settings: Settings, clock: Clock, *, switch: bool, progress: Progress = quiet) -> Retagged:
    """Tag the archive again with today's gazetteer; `switch` puts the new version in use. Raises LockedError."""
    report = tag_archive(settings, clock, apply=switch, progress=progress)
    end = f"published `{report.published}`" if report.published else "nothing switched"
    summary = (
        f"{report.articles} articles tagged by version {report.version}, {report.left} name nothing of what changed and"
        f" are left as they are, as are {report.same} that are tagged as before;"
        f" {report.diff.height} counts differ; {end}"
    )
    rows = [{name: str(value) for name, value in row.items()} for row in report.diff.head(_MOST_ROWS).to_dicts()]
    return Retagged(summary, rows)


def forget_replaced(settings: Settings, clock: Clock) -> Path | None:
    """Drop the mentions of gazetteer versions that were replaced, and publish. Raises LockedError."""
    return prune_past(settings, clock)


def backup(settings: Settings, clock: Clock) -> Backup:
    """A verified copy of the warehouse in the data folder's backups. Raises UsageError for a lake."""
    if settings.place.is_lake:
        raise UsageError("a lake is backed up where it is: pg_dump of its catalogue, then a copy of its data files")
    return back_up(settings.data, clock, settings.keep_backups)


def write_week_report(settings: Settings) -> tuple[str, Path | None]:
    """The report of the last whole week, also as a file in the data folder's reports; no file before a week is over."""
    with open_archive(settings.place) as archive:
        week, text = week_report(archive, page(settings))
    if week is None:
        return text, None
    path = settings.data / "reports" / f"{week:%G-W%V}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return text, path


def write_week_page(settings: Settings, report: Path) -> Path:
    """The same week with charts in one HTML file, drawn by a process of its own. Raises MonitorError."""
    page = report.with_suffix(".html")
    command = [sys.executable, "-c", "from monitor.cli import main; main()", "report"]
    options = ["--data", str(settings.data), "--out", str(page)]
    try:
        done = subprocess.run([*command, *options], capture_output=True, text=True, timeout=_DRAWING, check=False)
    except subprocess.TimeoutExpired:
        raise MonitorError(f"the report was not drawn in {_DRAWING:.0f} s") from None
    if done.returncode:
        raise MonitorError(f"the report was not drawn: {done.stderr.strip()[-300:]}")
    return page


def _failing(settings: Settings, report: RunReport) -> tuple[int, int]:
    try:
        with open_archive(settings.place) as archive:
            return failing(archive)
    except DataFolderError:  # nothing was ever published
        return report.feeds_due - report.feeds_ok, report.feeds_due
