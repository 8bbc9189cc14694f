"""A read-only connection to the published copy that follows it when a newer one is published."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from monitor.duckfile import NO_EXTENSIONS, Config, is_duckdb
from monitor.errors import DataFolderError, QueryError
from monitor.queries.answer import as_frame, plain_errors
from monitor.queries.interrupt import interruptible
from monitor.sqlfiles import sql_files, statements

_READS = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}
_LOCKED_DOWN: Config = NO_EXTENSIONS | {"enable_external_access": False}
# DuckDB 1.5.5 gives rows out bit by bit, but for a union of joins or groupings it begins only when all but one of them
# are done: if their rows outgrow the buffer, both sides wait for ever and no interrupt ends it (duckdb issue 22215)
_NO_WAITING = "SET streaming_buffer_size = '1TB'"
_MISSING = re.compile(r"with name (\w+) does not exist")
_END = re.compile(r";\s*(--[^\n]*\s*)*$")
_opening = threading.Lock()  # DuckDB shares one database between all connections of a process to a path


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading may cost: seconds a query, megabytes and threads of DuckDB in this process; None is unlimited.

    What does not fit into the megabytes is put into the folder `spill`, a gigabyte of it at most; without one it fails.
    An answer may have so many `rows`; `advice` ends what is said when there are more, or when memory is short.
    """

    seconds: float | None = None
    megabytes: int | None = None
    threads: int | None = None
    spill: Path | None = None
    rows: int | None = None
    advice: str = ""

    def config(self) -> Config:
        """As DuckDB takes them; no file is written beside the copy."""
        memory: Config = {"memory_limit": f"{self.megabytes}MB", "temp_directory": ""} if self.megabytes else {}
        if self.spill:
            memory |= {"temp_directory": str(self.spill), "max_temp_directory_size": "1GB"}
        threads: Config = {"threads": self.threads} if self.threads else {}
        return memory | threads | {"allowed_configs": ["streaming_buffer_size"]}


UNLIMITED = Limits()


class Published:
    """The newest published copy, or with `follow` false the one that was the newest when it was opened.

    Any thread may ask; each question runs on a cursor of its own.
    """

    def __init__(self, data: Path, limits: Limits = UNLIMITED, *, follow: bool = True) -> None:
        self._limits = limits
        self._follow = follow
        self._link = data / "monitor.duckdb"
        self._lock = threading.Lock()
        self._target: Path | None = None
        self._con: duckdb.DuckDBPyConnection | None = None
        self.cursor().close()

    @property
    def path(self) -> Path:
        """The file that is read now."""
        self.cursor().close()
        return self._target or self._link

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor on the newest copy; those on an older one stay good until they are closed."""
        with self._lock:
            if self._con is not None and not self._follow:
                return self._con.cursor()
            for _ in range(5):  # a copy may be replaced between the look at the link and the opening
                target = self._resolve()
                if self._con is not None and target == self._target:
                    return self._con.cursor()
                if con := _connect(target, self._limits):
                    self._con, self._target = con, target
            raise DataFolderError(f"{self._link} cannot be opened: publish again with monitor run")

    def frame(self, sql: str, params: Mapping[str, Any] | None = None, *, exact: bool = False) -> pl.DataFrame:
        """The rows of one reading statement; with `exact` it must take all parameters. Raises QueryError."""
        with self.cursor() as cursor, _deadline(cursor, self._limits.seconds):
            try:
                found = interruptible(cursor, lambda: self._answer(cursor, sql, params or {}, exact=exact))
            except duckdb.InterruptException:
                raise QueryError(f"the query took longer than {self._limits.seconds:g} s and was stopped") from None
            except duckdb.OutOfMemoryException:
                raise QueryError(f"the query needs more memory than it may take{self._limits.advice}") from None
            except duckdb.Error as error:
                if isinstance(error, duckdb.InternalException | duckdb.FatalException):
                    self.close()  # DuckDB refuses all that comes after: the next question opens the copy anew
                raise QueryError(_first_lines(error)) from None
        if self._limits.rows is not None and found.height > self._limits.rows:
            raise QueryError(f"the query has more than {self._limits.rows:,} rows{self._limits.advice}")
        return found

    def _answer(
        self, cursor: duckdb.DuckDBPyConnection, sql: str, params: Mapping[str, Any], *, exact: bool
    ) -> pl.DataFrame:
        asked = cursor.extract_statements(sql)
        if len(asked) != 1 or asked[0].type not in _READS:
            raise QueryError("only one reading statement is allowed, such as: FROM weekly_trends LIMIT 10")
        self.examine(cursor, sql)
        if "union" in sql.casefold():
            cursor.execute(_NO_WAITING)
        _need(asked[0].named_parameters, params.keys(), exact=exact)
        named = {key: value for key, value in params.items() if key in asked[0].named_parameters}
        one = self._bounded(cursor, asked[0]) if named else asked[0]
        with plain_errors():
            return as_frame(cursor.sql(one, params=named or None), self._limits.rows)

    def _bounded(self, cursor: duckdb.DuckDBPyConnection, asked: duckdb.Statement) -> duckdb.Statement:
        """The statement with the limit of rows in it."""
        if self._limits.rows is None or asked.type != duckdb.StatementType.SELECT:
            return asked
        around = statements("store/answer.sql")["bounded"].replace("this_rows", str(self._limits.rows + 1))
        return cursor.extract_statements(around.replace("this_statement", _END.sub("", asked.query)))[0]

    def examine(self, cursor: duckdb.DuckDBPyConnection, sql: str) -> None:
        """Refuse a statement by what it says; the file's own connection is locked down and needs no look."""

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            if self._con is not None:
                self._con.close()
            self._con = self._target = None

    def _resolve(self) -> Path:
        try:
            return self._link.resolve(strict=True)
        except (OSError, RuntimeError):  # the latter for a link to itself, up to Python 3.12
            raise DataFolderError(
                f"nothing is published in {self._link.parent}: run monitor run, or monitor demo"
            ) from None


def _need(taken: Set[str], given: Set[str], *, exact: bool) -> None:
    if exact and (unknown := sorted(given - taken)):
        takes = ", ".join(f"${name}" for name in sorted(taken)) or "none"
        said = f"the query has no parameter ${unknown[0]}: it takes {takes}"
        raise QueryError(f"{said}; write ${unknown[0]} where its value belongs, or leave it out")
    if lacking := sorted(taken - given):
        raise QueryError(f"the query needs a value for ${lacking[0]}: --param {lacking[0]}=VALUE")


@contextmanager
def _deadline(cursor: duckdb.DuckDBPyConnection, seconds: float | None) -> Iterator[None]:
    """Interrupt what the cursor runs once the time is over."""
    if seconds is None:
        yield
        return
    timer = threading.Timer(seconds, cursor.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _connect(path: Path, limits: Limits) -> duckdb.DuckDBPyConnection | None:
    try:
        if not is_duckdb(path):
            raise DataFolderError(f"{path} is no DuckDB database: monitor run publishes it anew")
        with _opening:
            con = duckdb.connect(str(path), read_only=True, config=_LOCKED_DOWN | limits.config())
            if not con.execute("SELECT current_setting('lock_configuration')").fetchall()[0][0]:
                con.execute("SET GLOBAL TimeZone = 'UTC'")
                con.execute("SET lock_configuration = true")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DataFolderError(f"{path} cannot be read: {error.strerror}") from None
    except duckdb.Error as error:
        if not path.exists():
            return None
        raise DataFolderError(f"{path} cannot be read, monitor run publishes it anew: {_first_lines(error)}") from None
    return con


def _first_lines(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = " ".join(lines[:2]).removeprefix("Invalid Input Error: ")  # what our own macros say begins with their words
    missing = _MISSING.search(said)
    if missing and any(re.search(rf"main\.{missing[1]}\b", p.read_text("utf-8")) for p in sql_files("views")):
        return f"{missing[1]} is not in this copy, which an earlier version published: monitor run publishes it anew"
    return said
