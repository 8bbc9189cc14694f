"""Offers the flows with their schedules to the Prefect server and runs what is due: `python -m flows.serve`."""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from prefect import Flow, serve
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import PrefectException
from prefect.schedules import Cron, Interval, Schedule
from prefect.types.entrypoint import EntrypointType

from monitor.cli import fail
from monitor.config import load_settings
from monitor.errors import ConfigError, MonitorError
from monitor.schedules import FlowSchedule, load_schedules
from monitor.supervise.server import TAG

MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)
ONE_AT_A_TIME = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)


def flow_of(name: str) -> Flow[..., Any]:
    """flows/<name>.py holds <name>_flow."""
    found: Flow[..., Any] = getattr(importlib.import_module(f"flows.{name}"), f"{name}_flow")
    return found


def timetable(schedule: FlowSchedule) -> Schedule | None:
    """The schedule in Prefect's form; None for a flow that runs on demand."""
    if schedule.every:
        return Interval(schedule.every, anchor_date=MIDNIGHT, timezone="UTC")
    return Cron(schedule.cron, timezone=schedule.timezone) if schedule.cron else None


def deployment(schedule: FlowSchedule) -> RunnerDeployment:
    """One flow with its schedule and parameters. Raises ConfigError."""
    found = flow_of(schedule.flow)
    try:
        found.validate_parameters({**_defaults(found), **schedule.parameters})
        return offered(found, timetable(schedule), schedule)
    except (TypeError, ValueError, PrefectException) as error:
        raise ConfigError(f"schedules: [{schedule.flow}]: {error}") from None


def offered(found: Flow[..., Any], schedule: Schedule | None, wanted: FlowSchedule) -> RunnerDeployment:
    """The deployment of a flow; a run that would overlap another of the same flow is cancelled."""
    return RunnerDeployment.from_flow(
        found,
        name=wanted.flow,
        schedules=[schedule] if schedule else [],
        paused=not wanted.active,
        parameters=wanted.parameters,
        concurrency_limit=ONE_AT_A_TIME,
        tags=[TAG],
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def self_check() -> RunnerDeployment:
    """Due a few seconds after each start, and then daily."""
    soon = Interval(timedelta(days=1), anchor_date=datetime.now(UTC) + timedelta(seconds=15))
    return offered(flow_of("self_check"), soon, FlowSchedule("self-check"))


def _defaults(found: Flow[..., Any]) -> dict[str, Any]:
    return {name: p["default"] for name, p in found.parameters.properties.items() if "default" in p}


def main(build: Callable[[FlowSchedule], RunnerDeployment] = deployment) -> None:
    """Serve until told to stop. Schedules go on after a restart, so they are not paused at the end."""
    offers = [build(s) for s in load_schedules(load_settings())]
    serve(*offers, self_check(), pause_on_shutdown=False, print_starting_message=False)


if __name__ == "__main__":
    logging.getLogger("prefect").setLevel("INFO")
    try:
        main()
    except MonitorError as error:
        fail(str(error), error.exit_code)
    sys.exit(0)
