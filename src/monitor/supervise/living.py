"""Which flow runs are alive on this machine: each holds a lock on a file of its name, which dies with its process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def running_folder(data: Path) -> Path:
    """Where the runs of a data folder's service say that they are alive."""
    return data / "prefect" / "running"


@contextmanager
def holding(folder: Path, run_id: str) -> Iterator[None]:
    """Hold the lock that says that this run is alive."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / run_id
    with _locked(path):
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def living(folder: Path) -> set[str]:
    """Ids of the runs whose process is alive; what a dead one left is taken away."""
    alive = set()
    for path in folder.glob("*") if folder.exists() else ():
        try:
            with path.open("r+") as file:
                if _free(file) and _is_at(path, file):
                    path.unlink(missing_ok=True)
                else:
                    alive.add(path.name)
        except FileNotFoundError:
            continue
    return alive


def _locked(path: Path) -> IO[str]:
    """The file at a path, locked: one that was taken away before it was locked would be a lock that nobody sees."""
    while True:
        file = path.open("w")
        fcntl.flock(file, fcntl.LOCK_EX)
        if _is_at(path, file):
            return file
        file.close()


def _is_at(path: Path, file: IO[str]) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _free(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
