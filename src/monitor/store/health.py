"""A warehouse as it lies there, looked at without changing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from monitor.errors import DataFolderError, SchemaVersionError
from monitor.sqlfiles import statements
from monitor.store.lock import WriterLock
from monitor.store.migrate import connect, migrations


@dataclass(frozen=True, slots=True)
class Health:
    """Schema, last vintage and the newest time of a run or poll; the last two are None in an older schema."""

    schema: int
    vintage: int | None
    newest: datetime | None

    @property
    def is_current(self) -> bool:
        """Whether the schema is the one that this program writes."""
        return self.schema == newest_schema()


def newest_schema() -> int:
    """The schema that this program writes."""
    return max(step.number for step in migrations())


def look(path: Path) -> Health:
    """Open a warehouse read-only. Raises LockedError while somebody writes, SchemaVersionError, DataFolderError.

    The lock is held meanwhile, so that a run that begins in this moment is told who is in its way; it is not made,
    for it would be of whoever looks.
    """
    lock = WriterLock(path.with_name("warehouse.lock"))
    if path.with_name("warehouse.lock").exists():
        lock.acquire()
    try:
        con = connect(path, read_only=True)
        try:
            return examine(con, path)
        except duckdb.Error as error:
            raise DataFolderError(f"{path} cannot be read ({str(error).splitlines()[0]})") from None
        finally:
            con.close()
    finally:
        lock.release()


def examine(con: duckdb.DuckDBPyConnection, path: Path) -> Health:
    """What an open one holds. Raises SchemaVersionError for a file that is no warehouse of this program."""
    sql = statements("store/health.sql")
    if not con.execute(statements("store/migrate.sql")["is_warehouse"]).fetchall():
        raise SchemaVersionError(f"{path} is a DuckDB file but not a warehouse of this program: move it away")
    ((schema,),) = con.execute(sql["schema"]).fetchall()
    if schema != newest_schema():
        return Health(schema or 0, None, None)
    ((vintage,),) = con.execute(sql["last_vintage"]).fetchall()
    return Health(schema, vintage, newest_time(con))


def newest_time(con: duckdb.DuckDBPyConnection) -> datetime | None:
    """The newest time that a run or a poll has noted."""
    ((newest,),) = con.execute(statements("store/health.sql")["newest"]).fetchall()
    return newest.astimezone(UTC) if newest else None
