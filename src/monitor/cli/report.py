"""`monitor report`: the last whole week in one file."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from monitor.cli.dashboard import run_module
from monitor.cli.options import data_option
from monitor.config import load_settings

FORMS = (".html", ".eml", ".txt")


@click.command()
@data_option
# half a year: the chart of a mail is read on a phone
@click.option("--weeks", type=click.IntRange(4, 5200), default=26, show_default=True, help="Weeks in the chart.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File: .html, .eml (mail) or .txt.")
@click.option("--watch", default="", help="Only the names of this watchlist, by its address such as mekong.")
@click.option("--watch-file", default="watch.toml", show_default=True, help="Watchlists.")
@click.option("--events", default="events.csv", show_default=True, help="Dates to mark on the chart.")
def report(data: Path | None, weeks: int, out: Path, watch: str, watch_file: str, events: str) -> None:
    """Write the last whole week as one file without any request: for mail, a static site, an archive."""
    if out.suffix not in FORMS:
        raise click.BadParameter(f"must end in {', '.join(FORMS)}", param_hint="--out")
    settings = load_settings({"data": data})
    arguments = [
        "--data",
        str(settings.data),
        "--weeks",
        str(weeks),
        "--out",
        str(out),
        "--url",
        settings.dashboard_url,
    ]
    arguments += ["--watch", watch, "--watch-file", watch_file, "--events", events]
    if code := run_module("dashboards.report", arguments):
        sys.exit(code)
    click.echo(f"wrote {out} ({out.stat().st_size / 1000:.0f} kB)")
