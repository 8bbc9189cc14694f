"""`monitor demo`: the main job on the embedded sample site."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click

from monitor.cli.options import Folder, utc_now
from monitor.config import Settings, load_settings
from monitor.sample import DEFAULT_PORT, serve_sample
from monitor.work.server import start_early

if TYPE_CHECKING:
    from monitor.pipeline.run import RunReport
    from monitor.queries import Archive

_WEEKS = 8


@click.command()
@click.option("--data", type=Folder(), default=Path("data/demo"), show_default=True)
@click.option("--port", type=click.IntRange(1024, 65535), default=DEFAULT_PORT, show_default=True)
@click.option("--workers", type=int, help="Worker processes; 0 is one for each core.")
def demo(data: Path, port: int, workers: int | None) -> None:
    """Collect half a year of made-up commentary from a site that this command serves itself on 127.0.0.1.

    Feeds, pages, tagging, marts and the published copy are the real ones. A second run stores nothing new.
    """
    settings = load_settings(
        {
            "data": data,
            "workers": workers,
            "allow_network": ("127.0.0.0/8",),
            "host_delay": 0.0,
            "pages_per_host": 10_000,
        }
    )
    start_early(settings.executor)
    from monitor.cli import show
    from monitor.pipeline.run import collect
    from monitor.queries import open_archive

    with serve_sample(utc_now(), port) as feeds, show.progress() as bars:
        report = collect(settings, feeds, utc_now, all_=True, progress=bars)
    with open_archive(data) as archive:
        _tell(report, archive, settings)


def _tell(report: RunReport, archive: Archive, settings: Settings) -> None:
    from monitor.cli import show
    from monitor.cli.trends import most_mentioned, pivot
    from monitor.pipeline.report import summary

    console = show.console()
    if not report.counts.get("discovered"):
        click.echo("Nothing new: every entry of the sample site is stored already.")
    click.echo(summary(report, failures=False))
    console.print()
    found = pivot(archive.compare(most_mentioned(archive, _WEEKS, 10), _WEEKS))
    console.print(show.table(found.columns, found.rows(), f"Articles a week that name them, last {_WEEKS} weeks"))
    click.echo("* the week to date: not over, not to be compared; · not observed")
    _evidence(archive)
    flag = "" if settings.data == Path("data") else f" --data {quote(str(settings.data))}"
    click.echo(f"\nThe database: {settings.data / 'monitor.duckdb'} (read-only, opens in any DuckDB 1.5)\nTry next:")
    folder = ".venv/bin/" if Path(".venv/bin/monitor").exists() else ""
    for command in (
        f"monitor trends Cambodia ASEAN{flag}",
        f"monitor query \"FROM evidence('Timor-Leste', {_quoted(archive)}) SELECT sentence, publisher LIMIT 5\"{flag}",
        f"monitor status{flag}",
    ):
        click.echo(f"  {folder}{command}")


def _quoted(archive: Archive) -> str:
    return f"'{archive.last_week()}'"


def _evidence(archive: Archive) -> None:
    week = archive.last_week()
    if week is None:
        return
    rows = archive.evidence("ASEAN", week)
    rows = rows.filter(rows["field"] == "text")
    if rows.height:
        first = rows.row(0, named=True)
        click.echo(f"\nOne of {rows.height} sentences behind ASEAN in the week of {week}:")
        click.echo(f'  "{" ".join(first["sentence"].split())}"\n  {first["publisher"]}, {first["title"]}')
