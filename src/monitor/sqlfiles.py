"""Where the SQL is: beside the package in the wheel, at the root of the checkout; read once."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from monitor.errors import MonitorError

_NAME = re.compile(r"^-- name: (\w+)[^\n]*\n", re.MULTILINE)


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


def header(text: str, word: str) -> str:
    """The value of a `-- word:` line, with its indented continuation lines."""
    found = re.search(rf"^-- {word}: (.+(?:\n--   .+)*)", text, re.MULTILINE)
    return re.sub(r"\n--\s+", " ", found[1]) if found else ""
