"""Marts from sql/marts in the order of their needs: in full, or the weeks that changed; checks from sql/checks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from monitor.errors import CheckFailedError
from monitor.sqlfiles import header, sql_files, sql_text, statements
from monitor.store import Warehouse
from monitor.store.comments import comment_all
from monitor.store.transaction import again_on_conflict, transaction

_NEEDS = re.compile(r"\bmart\.(\w+)")
_MOST_ROWS = 1000  # of a failed check that are counted
_ALL = 100_000  # weeks: a mart that reaches this far depends on the whole past


@dataclass(frozen=True, slots=True)
class Mart:
    """One file of sql/marts.

    `kind`: view; whole (small, made anew each time); weeks (the rows of changed weeks are made anew, and of `reach`
    weeks after them); blocks (the same by blocks of 13 weeks). A full build makes `step` weeks at a time (0: all).
    """

    name: str
    about: str
    kind: str
    grain: str
    reach: int
    step: int
    select: str
    needs: frozenset[str]


@dataclass(frozen=True, slots=True)
class CheckFailure:
    """A check that found rows: `sample` is the first of them."""

    name: str
    about: str
    rows: int
    sample: str

    def __str__(self) -> str:
        """One line for the terminal."""
        found = {1: "1 row", _MOST_ROWS: f"{_MOST_ROWS} rows or more"}.get(self.rows, f"{self.rows} rows")
        return f"{self.name}: {found} ({self.about}), such as {self.sample}"


@cache
def marts() -> tuple[Mart, ...]:
    """All marts, each after those it reads."""
    found = {path.stem: _mart(path) for path in sql_files("marts")}
    order = TopologicalSorter({name: sorted(mart.needs & found.keys()) for name, mart in found.items()})
    return tuple(found[name] for name in order.static_order())


def _mart(path: Path) -> Mart:
    text = sql_text(f"marts/{path.name}")
    code = re.sub(r"--.*", "", text)
    reach = header(text, "reach")
    return Mart(
        path.stem,
        header(text, "about"),
        header(text, "kind"),
        header(text, "grain"),
        _ALL if reach == "all" else int(reach or 0),
        int(header(text, "step") or 0),
        text,
        frozenset(_NEEDS.findall(code)) - {path.stem},
    )


@cache
def digest() -> str:
    """Of all SQL that the marts and views are made with: another digest means a full build."""
    text = "".join(
        sql_text(f"{folder}/{path.name}") for folder in ("functions", "marts", "views") for path in sql_files(folder)
    )
    return hashlib.sha256((text + sql_text("store/marts.sql")).encode()).hexdigest()


@again_on_conflict
def build(warehouse: Warehouse) -> None:
    """Drop and make all marts and the analyst's views, in one transaction."""
    con, sql = warehouse.connection, statements("store/marts.sql")
    with transaction(con), _joins_as_written(con):
        con.execute(sql["start_over"])
        con.execute(sql_text("functions/arithmetic.sql"))
        con.execute(sql["all_weeks"])
        con.execute(sql["every_week"])
        weeks = con.execute(sql["count_weeks"]).fetchall()[0][0]
        for mart in marts():
            _create(con, mart, weeks)
        for path in sql_files("views"):
            con.execute(sql_text(f"views/{path.name}"))
        comment_all(con, {mart.name: mart.about for mart in marts()})
        con.execute(sql["forget_build"])
        con.execute(sql["record"], {"digest": digest()})


@contextmanager
def _joins_as_written(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    sql = statements("store/marts.sql")
    con.execute(sql["as_written"])
    try:
        yield
    finally:
        con.execute(sql["as_estimated"])


@again_on_conflict
def refresh(warehouse: Warehouse, weeks: Sequence[date] = ()) -> bool:
    """Make anew what the changed weeks (and `weeks`) touch: the same rows as a full build gives.

    False if it was one, because the marts were not built yet or by other SQL.
    """
    con, sql = warehouse.connection, statements("store/marts.sql")
    if not con.execute(sql["is_built"], {"digest": digest()}).fetchall()[0][0]:
        build(warehouse)
        return False
    with transaction(con):
        con.execute(sql["dirty_weeks"], {"weeks": list(weeks)})
        scope: tuple[str, int] | None = None
        for mart in marts():
            if mart.kind in ("weeks", "blocks") and scope != (scope := (mart.kind, mart.reach)):
                con.execute(sql[mart.kind], {"reach": mart.reach} if mart.kind == "weeks" else None)
            if mart.kind != "view":
                _remake(con, mart)
        con.execute(sql["forget_build"])
        con.execute(sql["record"], {"digest": digest()})
    return True


def _create(con: duckdb.DuckDBPyConnection, mart: Mart, weeks: int) -> None:
    sql = statements("store/marts.sql")
    create = sql["create_view" if mart.kind == "view" else "create_table"]
    if mart.kind == "blocks":
        con.execute(sql["all_blocks"])
        con.execute(_for(mart, create) + "\n" + mart.select)
        return
    size = mart.step or max(weeks, 1)
    for first in range(0, max(weeks, 1), size):
        con.execute(sql["some_weeks"], {"first": first, "size": size})
        con.execute(_for(mart, sql["insert"] if first else create) + "\n" + mart.select)


def _remake(con: duckdb.DuckDBPyConnection, mart: Mart) -> None:
    sql = statements("store/marts.sql")
    con.execute(_for(mart, sql["forget_all" if mart.kind == "whole" else "forget_weeks"]))
    con.execute(_for(mart, sql["insert"]) + "\n" + mart.select)


def _for(mart: Mart, statement: str) -> str:
    return statement.replace("this_mart", mart.name)


def check(warehouse: Warehouse, *, changed: bool = False) -> list[CheckFailure]:
    """Run all checks; what they find must not be published.

    With `changed` they look at what was written since the last publish and at the weeks that `refresh` just made anew.
    """
    return run_checks(warehouse.connection, changed=changed)


def run_checks(con: duckdb.DuckDBPyConnection, *, changed: bool = False) -> list[CheckFailure]:
    """The failures among sql/checks, each with its first row."""
    con.execute(statements("store/checks.sql")["changed" if changed else "everything"])
    failures = []
    for path in sql_files("checks"):
        text = sql_text(f"checks/{path.name}")
        # DuckDB 1.5.5 waits for ever for a union whose rows, asked for bit by bit, are too many for its buffer
        found = con.sql(text).limit(_MOST_ROWS)
        if rows := found.fetchall():
            named = zip(found.columns, rows[0], strict=True)
            sample = ", ".join(f"{column} {value}" for column, value in named)
            failures.append(CheckFailure(path.stem, header(text, "about"), len(rows), sample))
    return failures


def refusal(failures: Sequence[CheckFailure]) -> CheckFailedError:
    """What stops a publish: the first three of the checks that failed."""
    count = f"{len(failures)} data check{'s' if len(failures) > 1 else ''}"
    told = "; ".join(map(str, failures[:3]))
    return CheckFailedError(f"{count} failed, nothing was published and the last good copy stays: {told}")
