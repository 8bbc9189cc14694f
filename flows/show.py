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
# seconds before the bar moves again, which grow as a run lasts: each move costs the server as much as a small task
_FIRST_PAUSE, _GROWTH, _LONGEST_PAUSE = 5.0, 1.5, 60.0


class Bar:
    """A progress artifact that moves with the pipeline's own progress."""

    def __init__(self, key: str) -> None:
        self._id: UUID = _made(create_progress_artifact(progress=0.0, key=key, description="Begun"))
        self._moved, self._pause = time.monotonic(), _FIRST_PAUSE

    def __call__(self, stage: str, done: int, of: int) -> None:
        """Move the bar, but not often: more rarely as the run lasts."""
        now = time.monotonic()
        if now - self._moved < self._pause:
            return
        self._moved, self._pause = now, min(self._pause * _GROWTH, _LONGEST_PAUSE)
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
