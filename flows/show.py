"""Artifacts: what an operator sees of a run in the Prefect pages."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.runtime import flow_run

from monitor.config import Settings
from monitor.supervise.living import holding, running_folder

# how much of a run each stage is, from experience: where the bar stands when the stage begins, and how far it goes
STAGES = {"feeds": (0.0, 30.0), "articles": (30.0, 60.0)}
_PAUSE = 5.0  # seconds between two updates: each is a request to the server


class Bar:
    """A progress artifact that moves with the pipeline's own progress."""

    def __init__(self, key: str) -> None:
        self._id: UUID = _made(create_progress_artifact(progress=0.0, key=key, description="Begun"))
        self._moved = time.monotonic()

    def __call__(self, stage: str, done: int, of: int) -> None:
        """Move the bar, but not more often than every few seconds."""
        now = time.monotonic()
        if now - self._moved < _PAUSE and done < of:
            return
        self._moved = now
        start, width = STAGES.get(stage, (90.0, 0.0))
        self.set(start + width * done / max(of, 1), f"{stage}: {done} of {of}")

    def set(self, percent: float, words: str) -> None:
        """Move the bar now."""
        update_progress_artifact(self._id, progress=min(percent, 100.0), description=words)


def markdown(text: str, key: str, description: str) -> None:
    """A page of text."""
    create_markdown_artifact(text, key=key, description=description)


def table(rows: list[dict[str, Any]], key: str, description: str) -> None:
    """A table."""
    create_table_artifact(rows, key=key, description=description)


@contextmanager
def alive(settings: Settings) -> Iterator[None]:
    """While this lasts, the service's watch knows that the run has a process."""
    with holding(running_folder(settings.data), str(flow_run.id)):
        yield


def _made(value: Any) -> UUID:  # noqa: ANN401  # Prefect types it as a coroutine too
    if not isinstance(value, UUID):
        raise TypeError(f"not an artifact: {value!r}")
    return value
