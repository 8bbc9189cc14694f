"""The archive itself: whether warehouse and published copy open, belong together, and are of the past."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.config import Settings
from monitor.doctor.finding import Finding
from monitor.doctor.machine import READERS
from monitor.errors import DataFolderError, LockedError, MonitorError
from monitor.publish import LINK, copies
from monitor.queries import open_archive
from monitor.sqlfiles import statements
from monitor.store.health import Health, look, newest_schema

_SLACK = timedelta(minutes=1)  # as the check of the clock has it
_RESTORE = "put published/monitor-{}.duckdb or the last backup in its place (docs/operate.md)"


def warehouse(settings: Settings, _now: datetime) -> Finding:
    """Whether it opens, its schema, and whether it holds all vintages that are published."""
    if settings.place.is_lake:
        return Finding("note", "the archive is a lake: see snapshot")
    path, published = settings.data / "warehouse.duckdb", copies(settings.data)
    if not path.exists() and published:
        said = f"{path} is missing, but copies up to vintage {published[-1]} are published"
        todo = _RESTORE.format(published[-1]) + "; the next run begins a new archive"
        return Finding("bad", said, todo[0].upper() + todo[1:])
    if not path.exists():
        return Finding("note", "none yet", "The first run makes it: monitor run")
    if kept_from := [p.name for p, mode in _needed(path) if not os.access(p, mode)]:
        said = (
            f"not opened: this user has no permission to {'read' if path.name in kept_from else 'write'} {kept_from[0]}"
        )
        return Finding("note", said, f"{READERS}; to look into it, be its owner")
    try:
        found = look(path)
    except LockedError as error:
        return Finding("note", f"not opened: {error}", "Fine while a run goes on; look again afterwards")
    return _of_schema(found) or _of_vintages(settings, found, published)


def _needed(path: Path) -> list[tuple[Path, int]]:
    """What must be permitted to look into a warehouse: to read it, and to hold the writers' lock meanwhile."""
    lock = path.with_name("warehouse.lock")
    return [(path, os.R_OK), *([(lock, os.R_OK | os.W_OK)] if lock.exists() else [])]


def _of_schema(found: Health) -> Finding | None:
    """What is to be said of another schema than this program's."""
    if found.schema > newest_schema():
        said = f"schema {found.schema}, this program knows {newest_schema()}"
        return Finding("bad", said, "Use the newer program, or the backup from before the upgrade (docs/operate.md)")
    if not found.is_current:
        return Finding("note", f"opens, schema {found.schema}", f"The next run brings it to schema {newest_schema()}")
    return None


def _of_vintages(settings: Settings, found: Health, published: list[int]) -> Finding:
    held = found.vintage or 0
    said = f"opens, schema {found.schema}, last vintage {held or 'none'}"
    if not published or published[-1] <= held:
        return Finding("good", said)
    said += f", but vintage {published[-1]} is published: it was begun anew, or restored"
    if (settings.data / LINK).resolve().name == f"monitor-{held}.duckdb":  # a run has published since: as it was meant
        return Finding("odd", said, f"If that was meant, remove the copies in published/ above monitor-{held}.duckdb")
    return Finding("bad", said, f"If it was not meant, {_RESTORE.format(published[-1])}; else monitor run publishes it")


def copy(settings: Settings, _now: datetime) -> Finding:
    """Whether readers can open the published copy, and whether it is of this version."""
    if settings.place.is_lake:
        return Finding("note", "a lake has none: see snapshot")
    if not (settings.data / LINK).exists():
        return Finding("note", "nothing is published yet")
    if not os.access(settings.data / LINK, os.R_OK):
        return Finding("bad", "this user has no permission to read it", "Be its owner, or give the permission")
    try:
        with open_archive(settings.place) as archive:
            (schema,) = archive.sql(statements("store/health.sql")["schema"]).row(0)
            name = archive.path.name
    except MonitorError as error:
        return Finding("bad", str(error), "Publish again: monitor run --all")
    if schema != newest_schema():
        said = f"{name} opens, but is of schema {schema}; this program writes {newest_schema()}"
        return Finding("odd", said, "The next run publishes it anew: monitor run")
    return Finding("good", f"{name} opens, schema {schema}")


def times(settings: Settings, now: datetime) -> Finding:
    """Whether a run or poll lies in the future: weeks up to it look observed, and nobody has seen them."""
    newest = _newest(settings)
    if newest is None:
        return Finding("note", "no run yet, or none that can be read")
    if newest > now + _SLACK:
        said = f"a run or poll is of {newest:%Y-%m-%d %H:%M} UTC, which is yet to come: a clock was ahead"
        todo = (
            "If the clock is right now: weeks until then look observed. Put a backup from before that run in the "
            "warehouse's place (docs/operate.md)"
        )
        return Finding("bad", said, todo)
    return Finding("good", f"the newest run or poll is of {newest:%Y-%m-%d %H:%M} UTC")


def _newest(settings: Settings) -> datetime | None:
    """By the warehouse, or by the published copy while somebody writes."""
    path = settings.data / "warehouse.duckdb"
    try:
        if not settings.place.is_lake and path.exists():
            return look(path).newest
    except (LockedError, DataFolderError):
        pass
    except MonitorError:  # the check of the warehouse says what is wrong with it
        return None
    try:
        with open_archive(settings.place) as archive:
            (newest,) = archive.sql(statements("store/health.sql")["newest"]).row(0)
    except MonitorError:
        return None
    return newest.astimezone(UTC) if newest else None
