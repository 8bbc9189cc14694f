"""The published data for an analyst's own machine: the copy as it is, or its tables without the articles' texts."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from pathlib import Path

from dashboards.page import Asked, Figure, Page
from dashboards.reading import frame
from monitor.errors import QueryError

# relations of the archive without texts, each by a query of its own
PARTS = ("articles", "entities", "feeds", "mentions", "source_weeks", "weekly_trends", "weeks")


def download(asked: Asked) -> Page:
    """What can be downloaded, and how to follow it."""
    path = asked.archive.path
    size = path.stat().st_size if path.exists() else 0  # a lake is no file
    table = frame(asked.archive, "page_vintages", limit=5)
    return Page("download.html", "Download the data", {"size": size}, [Figure("vintages", "Published copies", table)])


def without_texts(asked: Asked, folder: Path) -> Path:
    """A ZIP of Parquet files with a manifest; made once a copy, in the folder of drawings.

    Raises QueryError with what to do instead when a table takes more than a page may.
    """
    target = folder / f"monitor-{asked.copy.vintage}-{asked.copy.stamp[1]}-without-texts.zip"
    if target.exists():
        return target
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as part:
        made = Path(part.name)
    try:
        _write(made, asked)
        made.replace(target)
    except QueryError as error:  # the limits of a page
        raise QueryError(f"{error}: monitor export FOLDER on the command line has no such limit") from None
    finally:
        made.unlink(missing_ok=True)
    for old in folder.glob("*-without-texts.zip"):
        if old != target:
            old.unlink(missing_ok=True)
    return target


def _write(path: Path, asked: Asked) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        counts = {name: _add(archive, asked, name) for name in PARTS}
        manifest = {
            "vintage": asked.copy.vintage, "data_through": str(asked.copy.data_through), "rows": counts,
            "tagger": asked.copy.state["tagger"], "gazetteer": asked.copy.state["gazetteer"],
        }  # fmt: skip
        archive.writestr("manifest.json", json.dumps(manifest, indent=1))


def _add(archive: zipfile.ZipFile, asked: Asked, name: str) -> int:
    table = frame(asked.archive, f"page_download_{name}")
    packed = io.BytesIO()
    table.write_parquet(packed)
    archive.writestr(f"{name}.parquet", packed.getvalue())
    return table.height
