"""A read-only connection to a DuckLake, at the snapshot of its newest vintage; it follows when there is a newer one."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from monitor.errors import DataFolderError, QueryError
from monitor.lake import connect_lake, files, filled
from monitor.queries.connection import UNLIMITED, Limits, Published
from monitor.records import Place
from monitor.sqlfiles import statements

_LOOK = 1.0  # seconds between looks for a newer vintage
# DuckLake remembers where a table's rows in the catalogue are, and compaction moves them into files
_OVERTAKEN = re.compile(r"please ROLLBACK|Failed to get data file list|INTERNAL Error|FATAL Error|Cannot open file|404")
# table functions that would read another database or run text that was put together
_OUTSIDE = re.compile(r'"function_name":"(postgres_\w+|sqlite_\w+|query|query_table|ducklake_\w+)"', re.IGNORECASE)


class PublishedLake(Published):
    """The newest vintage of a lake. What is asked runs at its snapshot, whatever writers do meanwhile."""

    def __init__(self, place: Place, limits: Limits = UNLIMITED, *, follow: bool = True) -> None:
        self._place = place
        self._vintage = ""
        self._looked_at = float("-inf")
        super().__init__(place.data, limits, follow=follow)

    @property
    def path(self) -> Path:
        """The name of the vintage that is read now."""
        self.cursor().close()
        return Path(self._vintage)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor at the newest vintage; those at an older one stay good until they are closed."""
        with self._lock:
            if self._con is None or (self._follow and time.monotonic() - self._looked_at > _LOOK):
                self._catch_up()
            if self._con is None:
                raise DataFolderError("nothing is published in the lake: run monitor run")
            cursor = self._con.cursor()
        cursor.execute(statements("store/lake.sql")["use"])
        return cursor

    def frame(self, sql: str, params: Mapping[str, Any] | None = None, *, exact: bool = False) -> pl.DataFrame:
        """The rows of one reading statement; asked again by a fresh connection when compaction went under this one."""
        try:
            return super().frame(sql, params, exact=exact)
        except QueryError as error:
            if not _OVERTAKEN.search(str(error)):
                raise
        self.close()
        return super().frame(sql, params, exact=exact)

    def examine(self, cursor: duckdb.DuckDBPyConnection, sql: str) -> None:
        """Refuse what reaches past the lake: its catalogue's server holds other databases."""
        (told,) = cursor.execute(statements("store/lake.sql")["told"], {"sql": sql}).fetchall()[0]
        if found := _OUTSIDE.search(told):
            raise QueryError(f"{found[1]} is not allowed: a query reads the archive only")

    def _catch_up(self) -> None:
        try:
            found = self._newest(self._con) if self._con else None
        except duckdb.Error:  # the catalogue was away: begin anew
            self._con, self._vintage, found = None, "", None
        if found is None:
            watcher = connect_lake(self._place, "attach_latest", config=self._limits.config())
            try:
                found = self._newest(watcher)
            except duckdb.Error:  # a catalogue without an archive
                raise DataFolderError("nothing is published in the lake: run monitor run") from None
            finally:
                watcher.close()
        self._looked_at = time.monotonic()
        snapshot, vintage = found
        if snapshot is None or (self._con is not None and vintage == self._vintage):
            return
        con = connect_lake(self._place, "attach_snapshot", snapshot, self._limits.config())
        con.execute(filled(statements("store/lake.sql")["lock_down"], this_files=files(self._place)))
        self._con, self._vintage = con, vintage

    @staticmethod
    def _newest(con: duckdb.DuckDBPyConnection) -> tuple[int | None, str]:
        snapshot, vintage = con.execute(statements("store/lake.sql")["published"]).fetchall()[0]
        return snapshot, vintage or ""


@cache
def _watched(place: Place) -> PublishedLake:
    return PublishedLake(place)


_asking = threading.Lock()


def lake_mark(place: Place) -> tuple[int, ...]:
    """The number of the newest vintage. Raises OSError: FileNotFoundError when there is none."""
    try:
        with _asking:
            return 0, int(_watched(place).path.name.split()[-1])
    except DataFolderError as error:
        kind = FileNotFoundError if "nothing is published" in str(error) else ConnectionError
        raise kind(str(error)) from None
