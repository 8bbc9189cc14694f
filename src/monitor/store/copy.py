"""An archive copied to another place in chunks, each compared by count and digest, so that it may be resumed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from monitor.errors import CheckFailedError, SchemaVersionError, UsageError
from monitor.lake import attach_lake, filled
from monitor.records import Place
from monitor.sqlfiles import statements
from monitor.store import Warehouse
from monitor.store.lock import WriterLock
from monitor.store.transaction import again_on_conflict, transaction

Chunks = dict[str | None, tuple[int, int]]  # chunk -> rows and digest
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """One table, the same on both sides; `copied` are the rows that were not there before."""

    name: str
    rows: int
    digest: str
    copied: int


def copy_base(target: Warehouse, source: Place, progress: Progress) -> list[CopiedTable]:
    """Make the base tables of the target those of the source.

    Raises UsageError, LockedError, SchemaVersionError, CheckFailedError when a table differs after it was copied.
    """
    con, sql = target.connection, statements("store/copy.sql")
    with _attached(con, source):
        ours, theirs = (
            con.execute(sql["schema"].replace("this_place", place)).fetchall()[0][0]
            for place in ("base", "source.base")
        )
        if ours != theirs:
            raise SchemaVersionError(f"the source has schema {theirs}, the target {ours}: open the source once first")
        tables = con.execute(sql["tables"]).fetchall()
        done = []
        for number, (table, cut) in enumerate(tables):
            progress("tables", number, len(tables))
            done.append(_copy_table(con, table, cut))
        progress("tables", len(tables), len(tables))
    return done


def table_digests(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Rows and digest of each base table, the same for the same rows wherever they are."""
    return {
        t: _told(_chunks(con, "base", t, cut))
        for t, cut in con.execute(statements("store/copy.sql")["tables"]).fetchall()
    }


@contextmanager
def _attached(con: duckdb.DuckDBPyConnection, source: Place) -> Iterator[None]:
    lock = WriterLock(source.data / "warehouse.lock") if not source.is_lake else None
    if lock:
        path = source.data / "warehouse.duckdb"
        if not path.exists():
            raise UsageError(f"{source.data} holds no warehouse: nothing to copy")
        lock.acquire()
    try:
        if lock:
            con.execute(filled(statements("store/copy.sql")["attach_file"], this_path=str(path)))
        else:
            attach_lake(con, source, "source", "attach_latest")
        try:
            yield
        finally:
            con.execute(statements("store/copy.sql")["detach"])
    finally:
        if lock:
            lock.release()


def _copy_table(con: duckdb.DuckDBPyConnection, table: str, cut: str | None) -> CopiedTable:
    wanted = _chunks(con, "source.base", table, cut)
    here = _chunks(con, "base", table, cut)
    copied = 0
    for chunk in sorted({*wanted, *here}, key=str):
        if wanted.get(chunk) != here.get(chunk):
            _copy_chunk(con, table, cut, chunk)
            copied += wanted.get(chunk, (0, 0))[0]
    there = _chunks(con, "base", table, cut)
    if there != wanted:
        raise CheckFailedError(f"base.{table} differs after it was copied: {_told(wanted)} there, {_told(there)} here")
    return CopiedTable(table, sum(n for n, _ in wanted.values()), _told(wanted), copied)


@again_on_conflict
def _copy_chunk(con: duckdb.DuckDBPyConnection, table: str, cut: str | None, chunk: str | None) -> None:
    sql = statements("store/copy.sql")
    with transaction(con):
        for step in ("clear", "take"):
            con.execute(_for(sql[step], "base", table, cut), {"chunk": chunk})
        con.execute(statements("store/runs.sql")["build_all"])


def _chunks(con: duckdb.DuckDBPyConnection, place: str, table: str, cut: str | None) -> Chunks:
    rows = con.execute(_for(statements("store/copy.sql")["chunks"], place, table, cut)).fetchall()
    return {chunk: (n, int(digest)) for chunk, n, digest in rows}


def _for(statement: str, place: str, table: str, cut: str | None) -> str:
    sql = statements("store/copy.sql")
    how = sql["whole"] if cut is None else sql["bucket" if cut == "article_id" else "month"].replace("this_cut", cut)
    return statement.replace("this_chunk", how).replace("this_place", place).replace("this_table", table)


def _told(chunks: Chunks) -> str:
    """Rows and digest of a whole table."""
    return f"{sum(n for n, _ in chunks.values())} rows, digest {sum(d for _, d in chunks.values()) % 2**64:016x}"
