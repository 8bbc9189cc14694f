"""Opens a DuckLake, for the writer and for readers: extensions, object storage, catalogue."""

from __future__ import annotations

import importlib
from pathlib import Path
from urllib.parse import urlsplit

import duckdb

from monitor.duckfile import NO_EXTENSIONS, Config
from monitor.errors import ConfigError, DataFolderError
from monitor.records import Place
from monitor.sqlfiles import statements

_OF_CATALOGUE = {"postgres": "postgres_scanner", "sqlite": "sqlite_scanner"}


def connect_lake(
    place: Place, how: str = "attach", snapshot: int = 0, config: Config | None = None
) -> duckdb.DuckDBPyConnection:
    """A connection whose current database is the lake; `how` names the statement that attaches it.

    Raises ConfigError when an extension is missing, DataFolderError when the catalogue or the data cannot be reached.
    """
    con = duckdb.connect(config=NO_EXTENSIONS | (config or {}))
    try:
        attach_lake(con, place, "warehouse", how, snapshot)
        con.execute(statements("store/lake.sql")["use"])
        con.execute("SET GLOBAL TimeZone = 'UTC'")
    except BaseException:
        con.close()
        raise
    return con


def attach_lake(con: duckdb.DuckDBPyConnection, place: Place, name: str, how: str, snapshot: int = 0) -> None:
    """Attach the lake by a name. Raises ConfigError, DataFolderError."""
    attach = filled(
        statements("store/lake.sql")[how],
        this_catalogue=f"ducklake:{catalogue(place)}",
        this_files=files(place),
        this_snapshot=str(snapshot),
        this_name=name,
    )
    try:
        _prepare(con, place)
        con.execute(attach)
    except duckdb.Error as error:
        raise DataFolderError(f"the lake cannot be opened: {' '.join(str(error).split())[:300]}") from None


def catalogue(place: Place) -> str:
    """What comes after `ducklake:`."""
    return place.warehouse.removeprefix("ducklake:")


def files(place: Place) -> str:
    """Folder or prefix of the data files, with a slash at its end."""
    return (place.files or str((place.data / "lake").resolve())).rstrip("/") + "/"


def filled(statement: str, **values: str) -> str:
    """The statement with each `this_...` replaced, quotes doubled."""
    for name, value in values.items():
        statement = statement.replace(name, value.replace("'", "''"))
    return statement


def _prepare(con: duckdb.DuckDBPyConnection, place: Place) -> None:
    kind = catalogue(place).partition(":")[0]
    wanted = ["ducklake", *([_OF_CATALOGUE[kind]] if kind in _OF_CATALOGUE else [])]
    is_object_store = files(place).startswith("s3://")
    for name in [*wanted, *(["httpfs"] if is_object_store else [])]:
        _load(con, name)
    if is_object_store and place.s3_endpoint:
        url = urlsplit(place.s3_endpoint)
        tls = "true" if url.scheme == "https" else "false"
        con.execute(filled(statements("store/lake.sql")["object_store"], this_host=url.netloc, this_tls=tls))
    if not is_object_store:
        Path(files(place)).mkdir(parents=True, exist_ok=True)


def _load(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """From its wheel, signed, or from where DuckDB itself gets it."""
    sql = statements("store/lake.sql")
    try:
        wheel = importlib.import_module(f"duckdb_extension_{name}")
    except ModuleNotFoundError:
        try:
            con.execute(sql["install"].replace("this_extension", name))
        except duckdb.Error:
            raise ConfigError(f"DuckDB's extension {name} is missing: install monitor[ducklake]") from None
        return
    found = Path(wheel.__path__[0]) / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
    con.execute(filled(sql["load"], this_path=str(found)))
