"""Forgetting from start to end: every table, the file itself, the published copies and the backups."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from monitor.errors import UsageError
from monitor.pipeline.context import Clock
from monitor.pipeline.run import build_and_publish
from monitor.records import Place, place_of
from monitor.store import Warehouse
from monitor.store.forget import Forgettable, bury, compact, drop_copies, look, wipe


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was taken out, and how many old copies and backups went with it."""

    found: Forgettable
    published: Path | None
    copies: int
    backups: int


def find_forgettable(data: Path | Place, target: str, clock: Clock) -> Forgettable:
    """What an address or a source's name stands for. Raises UsageError, LockedError, SchemaVersionError."""
    place = _existing(data)
    with Warehouse.open(place, clock) as warehouse:
        return look(warehouse, target)


def forget(data: Path | Place, target: str, clock: Clock, *, reason: str | None = None) -> Forgotten:
    """Forget an article or a source everywhere; run again after an interruption, it finishes what was begun.

    Raises UsageError, LockedError, SchemaVersionError, DataFolderError, CheckFailedError.
    """
    place = _existing(data)
    with Warehouse.open(place, clock) as warehouse:
        found = look(warehouse, target)
        bury(warehouse, found, reason, clock())
        compact(warehouse)
        published = build_and_publish(warehouse, clock())
        wipe(warehouse)
    copies, backups = (0, 0) if place.is_lake else drop_copies(place.data)
    return Forgotten(found, published, copies, backups)


def _existing(data: Path | Place) -> Place:
    place = place_of(data)
    if not (place.is_lake or (place.data / "warehouse.duckdb").exists()):
        raise UsageError(f"{place.data} holds no warehouse: nothing to forget")
    return place
