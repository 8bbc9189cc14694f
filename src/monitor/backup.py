"""Copies of the warehouse that were opened and checked, of which the last few are kept."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor.errors import CheckFailedError, DataFolderError
from monitor.sqlfiles import statements
from monitor.store import Warehouse
from monitor.store.migrate import connect

log = logging.getLogger(__name__)

FOLDER = "backups"


@dataclass(frozen=True, slots=True)
class Backup:
    """A verified copy."""

    path: Path
    bytes: int
    data_version: int


def back_up(data: Path, clock: Callable[[], datetime], keep: int) -> Backup:
    """Copy the warehouse under the writer's lock, open the copy, and forget all but the last `keep`.

    Raises LockedError, DataFolderError, SchemaVersionError, CheckFailedError.
    """
    folder = data / FOLDER
    with Warehouse.open(data, clock) as warehouse:
        version = warehouse.data_version()
        warehouse.connection.execute("CHECKPOINT")
        target = folder / f"warehouse-{clock():%Y%m%dT%H%M%S}.duckdb"
        part = target.with_suffix(".part")
        try:
            _make(data / "warehouse.duckdb", part, version)
            part.replace(target)
        except OSError as error:
            raise DataFolderError(f"{folder}: no backup could be written: {error.strerror}") from error
    for old in sorted(folder.glob("warehouse-*.duckdb"))[:-keep]:
        old.unlink()
    return Backup(target, target.stat().st_size, version)


def _make(warehouse: Path, part: Path, version: int) -> None:
    """Copy and open; under the lock to the end, so that what is half made here is of a backup that was killed."""
    part.parent.mkdir(exist_ok=True)
    for leftover in part.parent.glob("warehouse-*.part*"):
        leftover.unlink()
    _room(part.parent, warehouse.stat().st_size)
    try:
        _copy(warehouse, part)
        if (found := verify(part)) != version:
            raise CheckFailedError(f"the backup holds version {found} of the data, not {version}: it was thrown away")
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def verify(path: Path) -> int:
    """Open a copy read-only and return the version of its data. Raises SchemaVersionError."""
    con = connect(path, read_only=True)
    try:
        return int(con.execute(statements("store/reads.sql")["data_version"]).fetchall()[0][0])
    finally:
        con.close()


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as reader, target.open("wb") as writer:
        shutil.copyfileobj(reader, writer, 1 << 20)
        writer.flush()
        os.fsync(writer.fileno())


def _room(folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < 1.1 * size:
        raise DataFolderError(f"{folder}: a backup needs {size / 1e9:.2f} GB and {free / 1e9:.2f} GB are free")
