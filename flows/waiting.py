"""How a writing task waits for the writer before it: one writes at a time."""

from __future__ import annotations

from typing import Any

from prefect import State, Task
from prefect.client.schemas.objects import TaskRun

from monitor.errors import LockedError

WAITS: list[float] = [5, 10, 20, 40, 60, 60, 120, 120, 300, 300, 600]  # seconds, together under half an hour


def waits_for_the_writer(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Only a held lock is worth waiting for."""
    return isinstance(state.result(raise_on_failure=False), LockedError)
