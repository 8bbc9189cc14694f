"""Where the SQL is: beside the package in the wheel, at the root of the checkout; read once. What it declares."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from monitor.errors import MonitorError

_NAME = re.compile(r"^-- name: (\w+)[^\n]*\n", re.MULTILINE)
_MACRO = re.compile(r"^CREATE OR REPLACE MACRO main\.(\w+)\(([^)]*)\) AS\s+(TABLE\b)?", re.MULTILINE)


@cache
def sql_root() -> Path:
    """The folder that holds schema, marts, checks, queries, views and store."""
    here = Path(__file__).resolve().parent
    for candidate in (here / "sql", here.parents[1] / "sql"):
        if (candidate / "schema").is_dir():
            return candidate
    raise MonitorError(f"the SQL files are missing beside {here}: install the package again")


def sql_files(folder: str) -> list[Path]:
    """All SQL files of one folder, by name."""
    return sorted((sql_root() / folder).glob("*.sql"))


@cache
def sql_text(relative: str) -> str:
    """The text of one file, such as `views/feeds.sql`."""
    return (sql_root() / relative).read_text(encoding="utf-8")


@cache
def statements(relative: str) -> dict[str, str]:
    """The statements of a file that names each with a line `-- name: word`."""
    parts = _NAME.split(sql_text(relative))
    return {name: body.strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)}


@cache
def meanings(name: str) -> dict[str, str]:
    """A list of sql/comments: what each relation, column, macro or parameter means; an exception is qualified."""
    rows = csv.reader(io.StringIO(sql_text(f"comments/{name}.csv")))
    next(rows)
    return {key: text for key, text in rows}  # noqa: C416  unlike dict(), it is strict about two cells a row


@cache
def values() -> dict[str, dict[str, str]]:
    """The codes that columns hold, as `relation.column` or `column`, each with its meaning."""
    rows = csv.reader(io.StringIO(sql_text("comments/values.csv")))
    next(rows)
    found: dict[str, dict[str, str]] = {}
    for column, value, about in rows:
        found.setdefault(column, {})[value] = about
    return found


def header(text: str, word: str) -> str:
    """The value of a `-- word:` line, with its indented continuation lines."""
    found = re.search(rf"^-- {word}: (.+(?:\n--   .+)*)", text, re.MULTILINE)
    return re.sub(r"\n--\s+", " ", found[1]) if found else ""


@dataclass(frozen=True, slots=True)
class Macro:
    """One macro; `params` maps each parameter to its default as SQL, None where it must be given."""

    name: str
    params: dict[str, str | None]
    is_table: bool

    @property
    def signature(self) -> str:
        """How it is called, with the defaults of what may be left out."""
        given = (name if default is None else f"{name} := {default}" for name, default in self.params.items())
        return f"{self.name}({', '.join(given)})"


@cache
def macros() -> dict[str, Macro]:
    """All macros by name, in the order of the alphabet."""
    found = {}
    for folder in ("functions", "views"):
        for path in sql_files(folder):
            for name, given, table in _MACRO.findall(sql_text(f"{folder}/{path.name}")):
                found[name] = Macro(name, _params(given), bool(table))
    return dict(sorted(found.items()))


def _params(given: str) -> dict[str, str | None]:
    pairs = (part.partition(":=") for part in given.split(",") if part.strip())
    return {name.strip(): default.strip() if sign else None for name, sign, default in pairs}
