"""Bring a warehouse file to the newest schema: numbered files, each applied once with its record."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import duckdb

from monitor.duckfile import NO_EXTENSIONS, Config, is_duckdb
from monitor.errors import DataFolderError, LockedError, SchemaVersionError
from monitor.lake import catalogue, connect_lake, filled
from monitor.records import Place
from monitor.sqlfiles import header, sql_files, statements
from monitor.store.transaction import need_space, transaction
from monitor.store.turn import turn

_SPARE = 1_000_000
_HELD = re.compile(r"Could not set lock on file.*Conflicting lock is held in (.+?\(PID \d+\))")
_RESTORE = "move it away and put a copy in its place, from backups or published"
_FORMAT: Config = {
    **NO_EXTENSIONS,
    "storage_compatibility_version": "latest",
    "checkpoint_threshold": "128MB",  # a checkpoint after each batch of pages would cost more than the batch
}


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file of sql/schema."""

    number: int
    name: str
    text: str
    digest: str


def migrations(folder: str = "schema") -> list[Migration]:
    """All migrations in order; the number is the file name's prefix."""
    found = []
    for path in sql_files(folder):
        text = path.read_text(encoding="utf-8")
        found.append(Migration(int(path.stem[:3]), path.stem, text, hashlib.sha256(text.encode()).hexdigest()))
    return found


def open_migrated(path: Path, clock: Callable[[], datetime]) -> duckdb.DuckDBPyConnection:
    """Open the warehouse at `path`, made or upgraded when needed; a file that is no warehouse is left as it is."""
    if not path.exists():
        _create(path, clock)
    con = connect(path)
    try:
        _upgrade(con, path, clock)
    except BaseException:
        con.close()
        raise
    return con


def connect(path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file in UTC, or say plainly that it is not one."""
    size = path.stat().st_size if path.exists() else None
    try:
        if size == 0:  # DuckDB would take it for a new database
            raise SchemaVersionError(f"{path} is empty: {_RESTORE}")
        if size and not is_duckdb(path):
            raise SchemaVersionError(f"{path} is no DuckDB database: {_RESTORE}")
        con = duckdb.connect(str(path), read_only=read_only, config=NO_EXTENSIONS if read_only else _FORMAT)
    except OSError as error:
        raise DataFolderError(f"{path} cannot be read: {error.strerror}") from error
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        if held := _HELD.search(first):  # it is whole: no advice to replace it
            raise LockedError(f"another program ({held[1]}) has {path} open: close it there first") from error
        raise SchemaVersionError(f"{path} cannot be opened as a warehouse ({first}): {_RESTORE}") from error
    con.execute("SET TimeZone = 'UTC'")
    (blocks,) = con.execute(statements("store/migrate.sql")["file_size"]).fetchall()
    if size is not None and size < blocks[0]:
        con.close()
        raise SchemaVersionError(f"{path} is cut off ({size} of {blocks[0]} bytes): {_RESTORE}")
    return con


def _create(path: Path, clock: Callable[[], datetime]) -> None:
    """Build an empty warehouse beside and rename it, so that a kill never leaves half of one in its place."""
    fresh = path.with_suffix(".new")
    for leftover in (fresh, fresh.with_suffix(".new.wal")):
        leftover.unlink(missing_ok=True)
    con = connect(fresh)
    try:
        con.execute(statements("store/migrate.sql")["create"])
        _apply(con, migrations(), clock)
        con.execute("CHECKPOINT")
    finally:
        con.close()
    fresh.replace(path)


def open_lake(place: Place, clock: Callable[[], datetime]) -> duckdb.DuckDBPyConnection:
    """Open the lake at `place`, made or upgraded when needed."""
    con = _connect_writer(place)
    try:
        with turn(con):
            is_changed = _upgrade_lake(con, clock)
    except BaseException:
        con.close()
        raise
    if not is_changed:
        return con
    con.close()  # it remembers the tables as they were
    return _connect_writer(place)


def _connect_writer(place: Place) -> duckdb.DuckDBPyConnection:
    con = connect_lake(place)
    kind, _, dsn = catalogue(place).partition(":")
    if kind == "postgres":
        con.execute(filled(statements("store/lake.sql")["attach_turns"], this_dsn=dsn))
    return con


def _upgrade_lake(con: duckdb.DuckDBPyConnection, clock: Callable[[], datetime]) -> bool:
    sql, lake = statements("store/migrate.sql"), statements("store/lake.sql")
    con.execute(sql["create"])
    missing = _missing(dict(con.execute(sql["applied"]).fetchall()), "the lake")
    _apply(con, missing, clock)
    for table, day in con.execute(lake["unpartitioned"]).fetchall():
        con.execute(filled(lake["partition"], this_table=table, this_day=day))
    if missing:
        con.execute(lake["flush"])  # so that no later flush drops what connections of this shape remember
    return bool(missing)


def _upgrade(con: duckdb.DuckDBPyConnection, path: Path, clock: Callable[[], datetime]) -> None:
    known, applied = {step.number: step for step in migrations()}, _applied(con, path)
    drafts = {number: draft for number, digest in applied.items() if (draft := _drafts().get(digest))}
    final = {number: digest for number, digest in applied.items() if number not in drafts}
    final |= {draft.number: known[draft.number].digest for draft in drafts.values()}
    missing = _missing(final, path)
    if drafts or missing:
        _back_up(con, path, max(applied, default=0))
        for number, draft in sorted(drafts.items()):
            _settle(con, number, draft, known[draft.number])
        _apply(con, missing, clock)
        con.execute("CHECKPOINT")


def _missing(applied: Mapping[int, str], place: Path | str) -> list[Migration]:
    """The migrations that are yet to be applied. Raises SchemaVersionError for a warehouse that is newer or other."""
    known = {step.number: step for step in migrations()}
    if unknown := sorted(applied.keys() - known.keys()):
        raise SchemaVersionError(
            f"{place} has schema {unknown[-1]}, this program knows {max(known)}: use the newer program"
        )
    for number, digest in applied.items():
        if digest != known[number].digest:
            raise SchemaVersionError(
                f"{place} was made with another {known[number].name}: applied migrations never change"
            )
    return [step for number, step in sorted(known.items()) if number not in applied]


@cache
def _drafts() -> dict[str, Migration]:
    """What migrations were while they were drafts, by their digest then; the text makes of each what it became."""
    return {header(draft.text, "draft"): draft for draft in migrations("schema/drafts")}


def _settle(con: duckdb.DuckDBPyConnection, number: int, draft: Migration, final: Migration) -> None:
    with transaction(con):
        con.execute(draft.text)
        con.execute(
            statements("store/migrate.sql")["settle"],
            {"was": number, "number": final.number, "name": final.name, "digest": final.digest},
        )


def _applied(con: duckdb.DuckDBPyConnection, path: Path) -> dict[int, str]:
    sql = statements("store/migrate.sql")
    if not con.execute(sql["is_warehouse"]).fetchall():
        raise SchemaVersionError(f"{path} is a DuckDB file but not a warehouse of this program: move it away")
    return dict(con.execute(sql["applied"]).fetchall())


def _apply(con: duckdb.DuckDBPyConnection, steps: list[Migration], clock: Callable[[], datetime]) -> None:
    record = statements("store/migrate.sql")["record"]
    for step in steps:
        with transaction(con):
            con.execute(step.text)
            con.execute(record, [step.number, step.name, step.digest, clock()])


def _back_up(con: duckdb.DuckDBPyConnection, path: Path, number: int) -> None:
    con.execute("CHECKPOINT")
    need_space(path.parent, path.stat().st_size + _SPARE, "the backup before an upgrade")
    backup = path.with_name(f"{path.stem}.schema-{number:03d}.duckdb")
    part = backup.with_suffix(".part")
    try:
        shutil.copyfile(path, part)
        part.replace(backup)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise DataFolderError(f"no backup before the upgrade of {path}: {error.strerror}") from error
