"""What a publish changed in the weekly counts and why, by comparison with the copy that was published before."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb

from monitor.sqlfiles import statements
from monitor.store.transaction import transaction

log = logging.getLogger(__name__)

_ENTRIES, _REASONS = FILES = ("store/vintages.sql", "store/vintage_reasons.sql")
_WEEKS = 26


def record(con: duckdb.DuckDBPyConnection, vintage: int, now: datetime, copy: Path) -> None:
    """Enter a vintage: the changes since the one before, whose `copy` they are explained by; all in one transaction.

    Without that copy (a new schema, a lost file) the changes are kept all the same, with the reason `unrecorded`.
    """
    with attached(con, copy) as is_there:
        rest = explain(con, vintage, is_there=is_there)
        with transaction(con):
            enter(con, vintage, now, rest)


def explain(con: duckdb.DuckDBPyConnection, vintage: int, *, is_there: bool) -> str | None:
    """Work out the changes, and the parts with a reason when the database `before` is there; what the rest is called.

    None when there is nothing to compare with.
    """
    con.execute(statements(_ENTRIES)["differences"])
    con.execute(statements(_REASONS)["no_parts"])
    return _parts(con, vintage) if is_there else None


def enter(con: duckdb.DuckDBPyConnection, vintage: int, now: datetime, rest: str | None) -> None:
    """Enter what was worked out, within the caller's transaction and while `before` is still attached."""
    sql = statements(_ENTRIES)
    if rest is not None:
        con.execute(sql["feeds"], {"vintage": vintage})
    con.execute(sql["keep_parts"], {"vintage": vintage})
    con.execute(sql["rest"], {"vintage": vintage, "reason": rest or ("unrecorded" if vintage > 1 else "new")})
    for step in ("weeks", "dispersions"):
        con.execute(sql[step], {"vintage": vintage})
    con.execute(sql["record"], {"vintage": vintage, "now": now, "gazetteer": _gazetteer(con)})


def _gazetteer(con: duckdb.DuckDBPyConnection) -> str | None:
    """The version in use; None before the first has come."""
    row = con.execute(statements("store/runs.sql")["newest_gazetteer"]).fetchone()
    return str(row[0]) if row else None


def _parts(con: duckdb.DuckDBPyConnection, vintage: int) -> str | None:
    """Work out the parts with a reason; what the rest is to be called, None when the copy is of another vintage."""
    entries, sql = statements(_ENTRIES), statements(_REASONS)
    programs = con.execute(entries["programs"], {"gazetteer": _gazetteer(con)})
    same_rules, same_names, last, last_at = programs.fetchall()[0]
    if last != vintage - 1:
        return None
    weeks = [week for (week,) in con.execute(entries["changed_weeks"]).fetchall()]
    for start in range(0, len(weeks), _WEEKS):
        con.execute(sql["some_weeks"], {"weeks": weeks[start : start + _WEEKS]})
        con.execute(sql["rows"])
        con.execute(sql["restored"])
        con.execute(sql["reasons"], {"same_names": bool(same_names), "last_at": last_at})
        con.execute(sql["parts"])
    return "other" if same_rules else "program"


@contextmanager
def attached(con: duckdb.DuckDBPyConnection, copy: Path) -> Iterator[bool]:
    """The copy as the database `before`; False when it cannot be had."""
    sql = statements(_ENTRIES)
    try:
        con.execute(sql["attach"].replace("this_path", str(copy).replace("'", "''")))
    except duckdb.Error as error:
        if copy.exists():
            log.warning("the copy %s cannot be read: %s", copy.name, error)
        yield False
        return
    try:
        yield True
    finally:
        con.execute(sql["detach"])
