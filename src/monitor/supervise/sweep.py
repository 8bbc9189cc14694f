"""Runs that the server believes in and nobody works on: which they are, and what they are marked as."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.supervise.server import UNFINISHED, Deployment, FlowRun, PrefectServer

log = logging.getLogger(__name__)

YOUNG = timedelta(seconds=90)  # a process may take so long to say that it lives
LATELY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Mark:
    """A state to put a run into."""

    run: FlowRun
    state: str
    name: str
    message: str


def stale(runs: Iterable[FlowRun], living: Collection[str], now: datetime) -> list[Mark]:
    """Unfinished runs that have no process, and have had the time to get one."""
    message = "its process is gone: killed, or the machine went down; what it stored is safe and the next run goes on"
    return [
        Mark(run, "CRASHED", "Crashed", message)
        for run in runs
        if run.run_id not in living and now - run.since >= YOUNG
    ]


def orphaned(runs: Iterable[FlowRun]) -> list[Mark]:
    """All unfinished runs, when the process that would run them has just ended or not begun."""
    message = "the service stopped while it ran; what it stored is safe and the next run goes on"
    return [Mark(run, "CRASHED", "Crashed", message) for run in runs]


def missed(runs: Iterable[FlowRun], now: datetime) -> list[Mark]:
    """Overdue runs of each deployment but the last one: a missed schedule is made good once."""
    late = [r for r in runs if r.automatic and r.expected_at is not None and r.expected_at < now]
    newest = {r.deployment_id: r.run_id for r in sorted(late, key=lambda r: r.expected_at or now)}
    message = "missed while the service was down; one run makes good for all"
    return [Mark(r, "CANCELLED", "Missed", message) for r in late if newest[r.deployment_id] != r.run_id]


def broken(runs: Iterable[FlowRun], now: datetime) -> list[FlowRun]:
    """Scheduled runs that crashed lately, where nothing of the same deployment ran since; `runs` come latest first.

    A run that was started anew is none of a schedule, so that what kills its process does so once and not for ever.
    """
    last: dict[str, FlowRun] = {}
    for run in runs:
        if run.deployment_id:
            last.setdefault(run.deployment_id, run)
    return [run for run in last.values() if run.automatic and run.state == "CRASHED" and now - run.since < LATELY]


def leaked(deployments: Iterable[Deployment], unfinished: Sequence[FlowRun]) -> list[Deployment]:
    """Deployments whose concurrency slot is taken although none of their runs is under way."""
    busy = {run.deployment_id for run in unfinished}
    return [d for d in deployments if d.taken and d.limit_id and d.deployment_id not in busy]


def sweep(server: PrefectServer, living: Collection[str] | None, now: datetime) -> list[Mark]:
    """Mark what nobody works on; `living` None says that no run can be alive. Raises ServerError."""
    unfinished = server.runs(UNFINISHED)
    if living is None:
        marks = orphaned(unfinished) + missed(server.runs(["SCHEDULED"]), now)
    else:
        marks = stale(unfinished, living, now)
    for mark in marks:
        log.warning("run %s was %s and is marked %s", mark.run.name, mark.run.state_name, mark.name)
        server.set_state(mark.run.run_id, mark.state, mark.name, mark.message)
    if living is None or marks:
        gone = {mark.run.run_id for mark in marks}
        for deployment in leaked(server.deployments(), [r for r in unfinished if r.run_id not in gone]):
            server.free_slots(deployment.limit_id or "")
    return marks
