"""The read-only copy that everybody else opens: checkpoint, copy, fsync, open and check, then one atomic switch."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from datetime import datetime
from pathlib import Path

import duckdb

from monitor.errors import CheckFailedError, DataFolderError
from monitor.sqlfiles import statements
from monitor.store import Warehouse
from monitor.store.migrate import connect
from monitor.store.transaction import explained, need_space
from monitor.store.vintage import mark_vintage
from monitor.store.vintages import attached, record

LINK = "monitor.duckdb"
_FOLDER = "published"
_KEEP = 2
_COPY = re.compile(r"monitor-(\d{1,9})\.duckdb")
_SPARE = 1_000_000
_FICLONE = 0x40049409  # ioctl that shares the blocks instead of copying them, where the file system can


def copies(data: Path) -> list[int]:
    """The vintages whose copies are there, in order."""
    found = (_COPY.fullmatch(path.name) for path in (data / _FOLDER).glob("monitor-*.duckdb"))
    return sorted(int(name[1]) for name in found if name)


def keep_newest(data: Path, now: datetime) -> Path | None:
    """The newest copy among the backups too, so that publishes of a new archive do not take its place; None if none."""
    if not (found := copies(data)):
        return None
    copy = data / _FOLDER / f"monitor-{found[-1]}.duckdb"
    kept = data / "backups" / f"warehouse-{now:%Y%m%dT%H%M%S}.duckdb"
    try:
        kept.parent.mkdir(exist_ok=True)
        _link_or_copy(copy, kept)
    except OSError as error:
        raise DataFolderError(f"{copy} cannot be kept among the backups: {error.strerror}") from error
    return kept


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
        return
    except OSError:  # a file system without hard links
        part = target.with_suffix(".part")
    try:
        _clone_or_copy(source, part)
        part.replace(target)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def publish(warehouse: Warehouse, now: datetime) -> Path | None:
    """Publish what changed since the last time; None when nothing did. Readers of the old copy are not disturbed.

    A lake needs no copy: readers are pointed to a snapshot, the vintage's name stands for the path.
    """
    if warehouse.place.is_lake:
        marked = mark_vintage(warehouse, now)
        return Path(f"vintage {marked}") if marked else None
    folder = warehouse.data / _FOLDER
    vintage, is_new = _next_vintage(warehouse, folder)
    if vintage is None:
        return None
    need_space(warehouse.data, (warehouse.data / "warehouse.duckdb").stat().st_size + _SPARE, "publishing")
    if is_new:
        record(warehouse.connection, vintage, now, folder / f"monitor-{vintage - 1}.duckdb")
    target = folder / f"monitor-{vintage}.duckdb"
    try:
        folder.mkdir(exist_ok=True)
        _copy(warehouse, target)
        _switch(warehouse.data / LINK, target)
    except (OSError, duckdb.Error) as error:
        raise _failure(error) from error
    _forget_old(warehouse.data, vintage)
    return target


def _next_vintage(warehouse: Warehouse, folder: Path) -> tuple[int | None, bool]:
    """The number to publish and whether it is yet to be recorded; a crash may have left a number without its copy."""
    rows = warehouse.connection.execute(statements("store/publish.sql")["last"]).fetchall()
    if not rows:
        return 1, True
    last, version = rows[0]
    if version != warehouse.data_version():
        return last + 1, True
    link, copy = warehouse.data / LINK, folder / f"monitor-{last}.duckdb"
    if link.is_symlink() and link.resolve() == copy.resolve():
        with attached(warehouse.connection, copy) as opens:
            return (None if opens else last), False
    return last, False


def _copy(warehouse: Warehouse, target: Path) -> None:
    warehouse.connection.execute("CHECKPOINT")
    for leftover in target.parent.glob("*.part*"):
        leftover.unlink()
    part = target.with_suffix(".part")
    try:
        source = warehouse.data / "warehouse.duckdb"
        _clone_or_copy(source, part)
        _verify(part, target, source.stat().st_size)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.replace(target)
    _fsync_folder(target.parent)


def _clone_or_copy(source: Path, target: Path) -> None:
    with source.open("rb") as reader, target.open("wb") as writer:
        if not (_clone(reader.fileno(), writer.fileno()) or _send(reader.fileno(), writer.fileno())):
            shutil.copyfileobj(reader, writer)
        os.fsync(writer.fileno())


def _clone(source: int, target: int) -> bool:
    """Share the blocks; False where the file system cannot."""
    try:
        fcntl.ioctl(target, _FICLONE, source)
    except OSError:
        return False
    return True


def _send(source: int, target: int) -> bool:
    """Copy within the kernel; False where it cannot, with nothing written."""
    left = os.fstat(source).st_size
    try:
        while left > 0:
            left -= os.copy_file_range(source, target, min(left, 1 << 30))
    except OSError as error:
        if left == os.fstat(source).st_size and error.errno in (18, 22, 38, 95):  # EXDEV EINVAL ENOSYS EOPNOTSUPP
            return False
        raise
    return True


def _verify(part: Path, target: Path, size: int) -> None:
    """The copy must be whole, open, and hold its own vintage."""
    if part.stat().st_size != size:
        raise CheckFailedError(f"the copy has {part.stat().st_size} bytes of {size}: not published")
    con = connect(part, read_only=True)
    try:
        found = con.execute(statements("store/publish.sql")["is_whole"]).fetchall()[0][0]
    finally:
        con.close()
    if target.name != f"monitor-{found}.duckdb":
        raise CheckFailedError(f"the copy says vintage {found}, not that of {target.name}: not published")


def _switch(link: Path, target: Path) -> None:
    """Point the readers' name at the new copy in one step; without symlinks the copy itself takes the name."""
    fresh = link.with_suffix(".next")
    fresh.unlink(missing_ok=True)
    try:
        fresh.symlink_to(Path(_FOLDER) / target.name)
    except NotImplementedError:
        shutil.copyfile(target, fresh)
    fresh.replace(link)
    _fsync_folder(link.parent)


def _fsync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _forget_old(data: Path, newest: int) -> None:
    for vintage in copies(data):
        if vintage <= newest - _KEEP:
            (data / _FOLDER / f"monitor-{vintage}.duckdb").unlink(missing_ok=True)


def _failure(error: BaseException) -> BaseException:
    known = explained(error)
    if known is error and isinstance(error, OSError):
        return DataFolderError(f"publishing failed, the last copy stays: {error.strerror}")
    return known
