"""DuckDB's files: how they are opened, and what is none."""

from __future__ import annotations

from pathlib import Path

Config = dict[str, str | bool | int | float | list[str]]

# else a file of SQLite, or a function that it does not know, makes DuckDB fetch an extension from the network
NO_EXTENSIONS: Config = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}


def is_duckdb(path: Path) -> bool:
    """Whether a file begins as DuckDB's do; it is not opened, a writer may hold it."""
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"
