"""`monitor warehouse`: an archive copied to another place, and a lake kept small."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import click

from monitor.cli.options import data_option, json_option, utc_now
from monitor.config import Settings, load_settings
from monitor.errors import UsageError
from monitor.pipeline.move import compact as tidy_lake
from monitor.pipeline.move import copy_archive
from monitor.records import Place


@click.group()
def warehouse() -> None:
    """Copy an archive between a file and a DuckLake, and keep a lake small."""


@warehouse.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--files", metavar="DIR|S3", help="The lake's data files (default: the setting warehouse_data).")
@data_option
@json_option
def copy(source: str, target: str, files: str | None, data: Path | None, as_json: bool) -> None:
    """Copy an archive FROM a place TO another, each a data folder or ducklake:CATALOGUE.

    Tables are copied in chunks and compared by count and digest; a copy that was stopped goes on when it is run again.
    Then the target is built, checked and published.
    """
    from monitor.cli import show

    settings = load_settings({"data": data})
    old, new = (_place(text, files, settings) for text in (source, target))
    with show.progress() as bars:
        done = copy_archive(old, new, utc_now, progress=bars)
    if as_json:
        show.as_json({"tables": [asdict(t) for t in done.tables], "published": str(done.published or "")})
        return
    rows = [(t.name, f"{t.rows:,}", f"{t.copied:,}", t.digest.split()[-1]) for t in done.tables]
    show.console().print(show.table(("table", "rows", "copied now", "digest, the same on both sides"), rows))
    click.echo(f"published {done.published}" if done.published else "nothing new to publish")


@warehouse.command()
@click.option("--keep-hours", default=24.0, show_default=True, help="Snapshots and files younger than this stay.")
@data_option
@json_option
def compact(keep_hours: float, data: Path | None, as_json: bool) -> None:
    """Tidy a DuckLake: rows out of the catalogue into files, small files into large, old snapshots and files away.

    Writers and readers may go on meanwhile. The last two vintages stay readable.
    """
    from monitor.cli import show

    done = tidy_lake(load_settings({"data": data}).place, utc_now, timedelta(hours=keep_hours))
    before, after = done.before, done.after
    if as_json:
        show.as_json({"files": after.files, "bytes": after.bytes, "expired": done.expired, "removed": done.removed})
        return
    click.echo(
        f"{before.files} files became {after.files} ({after.bytes / 1e6:,.1f} MB), "
        f"{done.expired} snapshots expired, {done.removed} files removed"
    )


def _place(text: str, files: str | None, settings: Settings) -> Place:
    if text.startswith("ducklake:"):
        return Place(settings.data, text, files or settings.warehouse_data, settings.s3_endpoint)
    if not text.strip():
        raise UsageError("FROM or TO is empty: name a data folder or ducklake:CATALOGUE")
    return Place(Path(text))
