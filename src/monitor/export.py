"""The archive as Parquet files by month with a manifest: digests, rows, and the versions that made them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from monitor.errors import DataFolderError
from monitor.queries import Archive
from monitor.sqlfiles import statements

_WHOLE = ("entities", "aliases", "memberships", "feeds", "weeks", "source_weeks", "weekly_trends")
_BY_MONTH = ("articles", "mentions")
MANIFEST = "manifest.json"


def export(archive: Archive, folder: Path, *, texts: bool = False) -> Path:
    """Write all of the archive into `folder`; returns the manifest. Texts only when asked for: they are others' work.

    The archive should be opened with `follow=False`, so that all files are of one copy. A file whose content is
    unchanged keeps its digest, so that a repeated export can be compared with the last; files of an earlier export that
    this one does not write are removed. Raises DataFolderError.
    """
    try:
        before = _listed(folder)
        files = [_write(folder, name, rows) for name, rows in _tables(archive, texts=texts)]
        versions = archive.sql(statements("store/export.sql")["versions"]).to_dicts()[0]
        document = {**versions, "texts": texts, "files": files}
        part = folder / f"{MANIFEST}.part"
        part.write_text(json.dumps(document, default=str, indent=1, ensure_ascii=False) + "\n", "utf-8")
        part.replace(folder / MANIFEST)
        for path in before - {file["path"] for file in files}:
            (folder / path).unlink(missing_ok=True)
    except (OSError, pl.exceptions.ComputeError) as error:  # polars has its own for a full disk
        told = getattr(error, "strerror", None) or str(error)
        raise DataFolderError(f"{folder} cannot be written: {told}") from error
    return folder / MANIFEST


def verify(folder: Path) -> list[str]:
    """The files of an export that are missing or differ from its manifest. Raises DataFolderError without one."""
    try:
        document = json.loads((folder / MANIFEST).read_text("utf-8"))
        return [f["path"] for f in document["files"] if _digest(folder / f["path"]) != f["sha256"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataFolderError(f"{folder} holds no export of this program ({type(error).__name__})") from error


def _listed(folder: Path) -> set[str]:
    """Paths that an earlier export into this folder wrote: within it, and Parquet."""
    try:
        found = json.loads((folder / MANIFEST).read_text("utf-8"))["files"]
        paths = {str(file["path"]) for file in found}
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return {p for p in paths if p.endswith(".parquet") and not p.startswith("/") and ".." not in p}


def _tables(archive: Archive, *, texts: bool) -> Iterator[tuple[str, pl.DataFrame]]:
    sql = statements("store/export.sql")
    for name in _WHOLE:
        yield f"{name}.parquet", archive.sql(sql[name])
    for month in archive.sql(sql["months"])["month"]:
        span = {"since": month, "until": _next_month(month)}
        for name in (*_BY_MONTH, *(["article_texts"] if texts else [])):
            yield f"{name}/{month:%Y-%m}.parquet", archive.sql(sql[name], span)


def _write(folder: Path, name: str, rows: pl.DataFrame) -> dict[str, Any]:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    rows.write_parquet(path)
    return {"path": name, "rows": rows.height, "columns": rows.columns, "sha256": _digest(path)}


def _digest(path: Path) -> str:
    if not path.exists():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)
