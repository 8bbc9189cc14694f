"""One transaction with the frames it reads: all of it happens, or none."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import duckdb
import polars as pl

from monitor.errors import ConflictError, DataFolderError, MonitorError
from monitor.masked import masked
from monitor.sqlfiles import statements
from monitor.store.turn import has_token, turn

log = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")

_CONFLICT = ("Transaction conflict", "maximum retry count", "could not serialize access")
_PAUSES = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)  # seconds
_NO_SPACE = ("No space left on device", "Disk quota exceeded", "not enough space")


@contextmanager
def incoming(con: duckdb.DuckDBPyConnection, **frames: pl.DataFrame) -> Iterator[None]:
    """Each frame is a relation `incoming_<name>` within the block."""
    for name, rows in frames.items():
        con.register(f"incoming_{name}", rows.to_arrow())
    try:
        yield
    finally:
        for name in frames:
            con.unregister(f"incoming_{name}")


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection, **frames: pl.DataFrame) -> Iterator[None]:
    """Run the block in one transaction; each frame is a relation `incoming_<name>` within it."""
    cores = statements("store/transaction.sql")
    try:
        with incoming(con, **frames), turn(con):
            try:
                con.execute(cores["one_core"])
                con.begin()
                if has_token(con):
                    con.execute(statements("store/lake.sql")["token"])
                yield
                con.commit()
            except BaseException as error:  # noqa: BLE001  raised on
                _roll_back(con)
                raise explained(error) from None  # the database quotes how it is reached
    finally:
        con.execute(cores["all_cores"])


@contextmanager
def reading_beside(con: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor of its own on the same database, so that what is written meanwhile does not end the reading."""
    sql = statements("store/lake.sql")
    with con.cursor() as cursor:
        cursor.execute(sql["use_current"].replace("this_database", con.execute(sql["current"]).fetchall()[0][0]))
        yield cursor


def again_on_conflict(function: Callable[P, R]) -> Callable[P, R]:
    """Call a function of one transaction again when another writer of the lake was first."""

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        for pause in _PAUSES:
            try:
                return function(*args, **kwargs)
            except ConflictError as error:
                log.info("%s; again in %g s", error, pause)
                time.sleep(pause)
        return function(*args, **kwargs)

    return call


def explained(error: BaseException) -> BaseException:
    """A full disk as DataFolderError, any other database error as MonitorError, the rest as it is."""
    if any(phrase in str(error) for phrase in _NO_SPACE):
        return DataFolderError(f"the data folder's disk is full, nothing was changed: {str(error).splitlines()[0]}")
    if any(phrase in str(error) for phrase in _CONFLICT):
        return ConflictError(f"another writer was first: {masked(' '.join(str(error).split()))[-200:]}")
    if isinstance(error, duckdb.Error):
        return MonitorError(f"the warehouse refused a write: {str(error).splitlines()[0]}")
    return error


def need_space(folder: Path, needed: int, what: str) -> None:
    """Refuse before writing when the disk has less than `needed` bytes free."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise DataFolderError(
            f"{what} needs {needed / 1e6:,.0f} MB, {folder} has {free / 1e6:,.0f} MB free: make room, then run again"
        )


def _roll_back(con: duckdb.DuckDBPyConnection) -> None:
    try:
        con.rollback()
    except duckdb.Error:
        return  # the failed commit has already ended the transaction
