"""Each file of cases/ gives tiny base tables and the rows that one mart must make of them.

`given schema.table` opens a table (missing columns become NULL where allowed, else empty, 0, false), `made` fills one
by a SELECT up to the next empty line, `expect` the rows of the named columns, all of them, in any order. `-` is NULL.
"""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from monitor import marts
from monitor.poll import page_retry
from monitor.sqlfiles import sql_files, sql_text, statements
from monitor.store.migrate import migrations

CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))
EMPTY = {
    "VARCHAR": "''",
    "BOOLEAN": "false",
    "TIMESTAMP WITH TIME ZONE": "'2026-01-01 00:00:00+00'",
    "DATE": "'2026-01-05'",
}


def parse(text):
    tables, current = [], None
    for line in [*text.splitlines(), ""]:
        if current and current[0] == "made":
            current[3].append(line)
            current = current if line.strip() else None
            continue
        cells = [c.strip() for c in line.split("|")]
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith(("given ", "expect ", "made ")):
            kind, name = line.split()
            current = (kind, name, [], [])
            tables.append(current)
        elif not current[2]:
            current[2].extend(cells)
        else:
            assert len(cells) == len(current[2]), line
            current[3].append([None if c == "-" else c for c in cells])
    return tables


def fill(con, name, columns, rows):
    schema, table = name.split(".")
    found = con.execute(
        "SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE schema_name = ? AND table_name = ?",
        [schema, table],
    ).fetchall()
    unknown = set(columns) - {c for c, _, _ in found}
    assert not unknown, unknown
    selected = ", ".join(
        f'?::{kind} AS "{c}"' if c in columns else f'{"NULL" if nullable else EMPTY.get(kind, "0")}::{kind} AS "{c}"'
        for c, kind, nullable in found
    )
    order = [columns.index(c) for c, _, _ in found if c in columns]
    for row in rows:
        con.execute(f"INSERT INTO {name} BY NAME SELECT {selected}", [row[i] for i in order])


def put(con, name, kind, columns, rows):
    if kind == "made":
        con.execute(f"INSERT INTO {name} BY NAME " + " ".join(rows))
    else:
        fill(con, name, columns, rows)


def warehouse_of(tables):
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    for step in migrations():
        con.execute(step.text)
    con.execute(sql_text("functions/arithmetic.sql"))
    given = {name: (kind, columns, rows) for kind, name, columns, rows in tables if kind != "expect"}
    for name in (n for n in given if n.startswith("base.")):
        put(con, name, *given[name])
    create_marts(con, marts.marts())
    for name in (n for n in given if n.startswith("mart.")):
        con.execute(f"DELETE FROM {name}")
        put(con, name, *given[name])
    create_marts(con, [mart for mart in marts.marts() if f"mart.{mart.name}" not in given])
    for path in sql_files("views"):
        con.execute(sql_text(f"views/{path.name}"))
    return con


def create_marts(con, chosen):
    for mart in chosen:
        con.execute(statements("store/marts.sql")["all_blocks" if mart.kind == "blocks" else "all_weeks"])
        con.execute(f"CREATE OR REPLACE {'VIEW' if mart.kind == 'view' else 'TABLE'} mart.{mart.name} AS {mart.select}")


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_given_rows_make_expected_rows(path):
    tables = parse(path.read_text("utf-8"))
    con = warehouse_of(tables)
    expected = [t for t in tables if t[0] == "expect"]
    assert expected
    for _, name, columns, rows in expected:
        chosen = ", ".join(f'"{c}"' for c in columns)
        kinds = con.sql(f"SELECT {chosen} FROM {name}").types
        wanted = [
            [con.execute(f"SELECT {rounded('?', k)}", [cell]).fetchone()[0] for cell, k in zip(row, kinds, strict=True)]
            for row in rows
        ]
        shown = ", ".join(f"{rounded(chr(34) + c + chr(34), k)}" for c, k in zip(columns, kinds, strict=True))
        got = [list(row) for row in con.execute(f"SELECT {shown} FROM {name}").fetchall()]
        assert sorted(got, key=repr) == sorted(wanted, key=repr)


def rounded(what, kind):
    return f"round({what}::DOUBLE, 4)" if str(kind) in ("DOUBLE", "FLOAT") else f"{what}::{kind}"


def test_every_mart_has_a_case():
    named = {
        name.removeprefix("mart.")
        for p in CASES
        for kind, name, _, _ in parse(p.read_text("utf-8"))
        if kind == "expect"
    }
    missing = {mart.name for mart in marts.marts()} - named
    assert not missing


def test_pages_are_missing_by_the_failures_that_are_tried_again():
    """The mart has the reasons of `page_retry` in SQL; a page that killed its worker is missing without another try."""
    reasons = ["timeout", "connection", "dns", "robots", "paywall", "forbidden", "too_large", "worker_timeout"]
    reasons += [f"http_{status}" for status in range(400, 600)]
    rows = [[str(k), f"s{k}", "2026-01-05", "metadata", reason, str(k), str(k)] for k, reason in enumerate(reasons)]
    columns = ["article_id", "feed_id", "week", "status", "reason", "canonical_url", "story_id"]
    con = warehouse_of(
        [
            ("given", "base.feeds", ["feed_id", "publisher"], [[row[1], row[1]] for row in rows]),
            ("given", "base.windows", ["feed_id", "polled_at"], [["s0", "2026-01-20 00:00:00+00"]]),
            ("given", "base.articles", columns, rows),
        ]
    )
    found = con.execute("SELECT publisher FROM mart.source_weeks WHERE missing_articles = 1").fetchall()
    now = datetime(2026, 1, 20, tzinfo=UTC)
    passing = {f"s{k}" for k, reason in enumerate(reasons) if page_retry(1, reason, now, None)}
    assert {publisher for (publisher,) in found} == passing | {f"s{reasons.index('worker_timeout')}"}
