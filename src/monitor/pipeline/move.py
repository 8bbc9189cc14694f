"""Moving an archive to another place: its base tables copied and compared, then built and published there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from monitor.errors import UsageError
from monitor.pipeline.context import Clock, Progress, quiet
from monitor.pipeline.run import build_and_publish
from monitor.records import Place
from monitor.store import Warehouse
from monitor.store.copy import CopiedTable, copy_base
from monitor.store.tidy import Tidied, tidy


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied, and the vintage or copy that was published at the target."""

    tables: tuple[CopiedTable, ...]
    published: Path | None


def copy_archive(source: Place, target: Place, clock: Clock, *, progress: Progress = quiet) -> Copied:
    """Copy an archive; what is already there and the same is left, so that a copy that was stopped goes on.

    Raises UsageError, LockedError, SchemaVersionError, CheckFailedError.
    """
    if source == target:
        raise UsageError("source and target are the same place")
    with Warehouse.open(target, clock) as warehouse:
        tables = copy_base(warehouse, source, progress)
        published = build_and_publish(warehouse, clock())
    return Copied(tuple(tables), published)


def compact(place: Place, clock: Clock, keep: timedelta) -> Tidied:
    """Tidy a lake; writers and readers may go on meanwhile. Raises UsageError for a file."""
    if not place.is_lake:
        raise UsageError("the warehouse is a file, which needs no compaction: set warehouse to a ducklake: catalogue")
    with Warehouse.beside(place, clock) as warehouse:
        return tidy(warehouse.connection, clock, keep)
