"""The writer's exclusive lock: a file under a POSIX record lock, so a dead writer's lock is void by itself.

A record lock is not inherited by forked workers, unlike flock: a killed writer whose workers live on blocks nobody.
"""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path

from monitor.errors import DataFolderError, LockedError

_held: set[Path] = set()


class WriterLock:
    """Held from `acquire` to `release`; the file says who holds it (pid and start time), for the reader's eye."""

    def __init__(self, path: Path) -> None:
        """Prepare a lock on `path`; nothing is touched yet."""
        self._path = path.resolve()
        self._fd: int | None = None

    def acquire(self) -> None:
        """Take the lock or raise LockedError naming its holder."""
        if self._path in _held:
            raise LockedError(f"this process already writes to {self._path.parent}")
        fd = self._open()
        try:
            fcntl.lockf(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(fd, 200).decode("utf-8", "replace").strip()
            os.close(fd)
            if error.errno not in (errno.EACCES, errno.EAGAIN):
                raise DataFolderError(f"{self._path} cannot be locked: {error.strerror}") from error
            raise LockedError(f"another writer ({holder or 'unknown'}) holds {self._path.parent}") from error
        self._fd = fd
        _held.add(self._path)
        self._sign(fd)

    def release(self) -> None:
        """Give the lock back; the file stays, empty."""
        if self._fd is None:
            return
        os.ftruncate(self._fd, 0)
        os.close(self._fd)
        self._fd = None
        _held.discard(self._path)

    def _open(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise DataFolderError(f"{self._path.parent} cannot be written: {error.strerror}") from error

    def _sign(self, fd: int) -> None:
        try:
            os.ftruncate(fd, 0)
            os.pwrite(fd, f"pid {os.getpid()}, started {_start_ticks(os.getpid())}\n".encode(), 0)
        except OSError as error:
            self.release()
            raise DataFolderError(f"{self._path.parent} cannot be written: {error.strerror}") from error


def _start_ticks(pid: int) -> str:
    """The kernel's start time of a process, which tells a reused pid apart; empty where /proc is missing."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return ""
    return stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
