"""How runs are called in the Prefect pages."""

from __future__ import annotations

from collections.abc import Callable

from prefect.runtime import flow_run

from flows import utc_now


def dated(flow: str) -> Callable[[], str]:
    """The name of a run: its flow and the time it was due, in UTC."""

    def name_of_run() -> str:
        return f"{flow} {flow_run.scheduled_start_time or utc_now():%Y-%m-%d %H:%M}"

    return name_of_run
