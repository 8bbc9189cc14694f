"""The collection: scheduled by the service, or by `python flows/collect.py [DATA [FEEDS]]` on a server of its own."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if not __package__:  # started as a file: only flows/ itself is on the path
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    os.environ.update(zip(("MONITOR_DATA", "MONITOR_FEEDS"), sys.argv[1:3], strict=False))
    import flows  # noqa: F401  # sets Prefect up before it is imported

from prefect import State, Task, flow, task
from prefect.client.schemas.objects import TaskRun
from prefect.states import Cancelled, Completed, Failed
from prefect.tasks import exponential_backoff

from flows import LIMITS, utc_now
from flows.naming import dated
from flows.show import Bar, alive, markdown, table
from monitor.config import Settings, load_settings
from monitor.errors import UsageError
from monitor.notify import heartbeat
from monitor.work.server import start_early

if TYPE_CHECKING:
    from monitor import service
    from monitor.pipeline.run import RunReport

STATES = {"completed": Completed, "failed": Failed, "skipped": Cancelled}


def is_passing(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Wrong input stays wrong: it is not tried again."""
    return not isinstance(state.result(raise_on_failure=False), UsageError)


@task(
    name="collect",
    retries=3,
    retry_delay_seconds=exponential_backoff(5),
    retry_jitter_factor=0.5,
    retry_condition_fn=is_passing,
)
def collect(settings: Settings, all_feeds: bool) -> service.Outcome:
    """Read the list of feeds, which may be at an address; poll, fetch, extract, tag, load, build and publish.

    One task, since each costs the server. Another try takes up where the one before ended.
    """
    start_early(settings.executor)
    from monitor import service
    from monitor.pipeline.sources import load_feeds

    bar = Bar("collect-progress")
    outcome = service.collect_and_note(settings, load_feeds(settings, utc_now), utc_now, all_=all_feeds, progress=bar)
    bar.set(100.0, outcome.message)
    return outcome


def show(settings: Settings, report: RunReport, title: str) -> None:
    """The run with its ledger and the top movers, and the table of feeds; no task, which would cost the server."""
    from monitor import service

    text, feeds = service.summary_of(settings, report)
    markdown(text, "collect-summary", title)
    table(feeds, "feeds", "Feeds with what to do, the troubled ones first")


@task(name="heartbeat", retries=2, retry_delay_seconds=exponential_backoff(5), retry_jitter_factor=0.5)
def beat(settings: Settings) -> bool:
    """Tell the outside that this box lives."""
    return heartbeat(settings)


@flow(name="collect", flow_run_name=dated("collect"), timeout_seconds=LIMITS.get("collect"))
def collect_flow(data: str | None = None, feeds: str | None = None, all_feeds: bool = False) -> State[Any]:
    """Collect once and show what came of it.

    Args:
        data: Data folder, when it is not the service's own.
        feeds: Path or URL of another list of feeds than the configured one.
        all_feeds: Also poll what is not yet due and retry pages that failed in passing.
    """
    settings = load_settings({"data": data, "feeds": feeds})
    with alive(settings):
        outcome = collect(settings, all_feeds)
        if outcome.report is not None:
            show(settings, outcome.report, outcome.message)
        if outcome.kind == "completed" and settings.heartbeat_url:  # a task costs the server, so none for nothing
            beat(settings, return_state=True)
    return STATES[outcome.kind](name=outcome.name, message=outcome.message)


if __name__ == "__main__":
    sys.exit(0 if collect_flow(return_state=True).is_completed() else 1)
