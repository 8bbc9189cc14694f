"""`monitor feeds`: the list of feeds."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from monitor.cli import feeds_care, feeds_find
from monitor.cli.options import json_option, utc_now
from monitor.config import load_settings
from monitor.errors import FeedsFileError
from monitor.feeds_file import read_feeds, read_text, write_opml, write_toml
from monitor.pipeline.sources import OWN_FILE, load_feeds


@click.group()
def feeds() -> None:
    """The feeds that runs poll: `feeds.toml` here, or the built-in list."""


for _command in (feeds_find.add, feeds_find.test, feeds_care.check, feeds_care.retire, feeds_care.rename):
    feeds.add_command(_command)


@feeds.command("list")
@click.option("--feeds", "source", metavar="PATH|URL", help="Another list than the configured one.")
@json_option
def list_(source: str | None, as_json: bool) -> None:
    """Show the feeds."""
    from monitor.cli import show

    found = load_feeds(load_settings({"feeds": source}), utc_now)
    if as_json:
        show.as_json([asdict(f) for f in found])
        return
    columns = ("feed_id", "publisher", "source_type", "region", "language", "active", "url")
    show.console().print(show.table(columns, [[getattr(f, c) for c in columns] for f in found]))


@feeds.command("import")
@click.argument("source", metavar="PATH|URL")
@click.option("--out", type=click.Path(path_type=Path), default=OWN_FILE, show_default=True, help="File to write.")
@click.option("--force", is_flag=True, help="Replace the file when it exists.")
def import_(source: str, out: Path, force: bool) -> None:
    """Read OPML, CSV or TOML and write it as a feeds.toml of your own."""
    if out.exists() and not force:
        raise FeedsFileError(f"{out} exists: give --force to replace it, or --out another file")
    found = load_feeds(load_settings({"feeds": source}), utc_now)
    try:
        out.write_text(write_toml(found), "utf-8")
    except OSError as error:
        raise FeedsFileError(f"{out} cannot be written: {error.strerror}") from error
    click.echo(f"{len(found)} feeds written to {out}; `monitor run` uses feeds.toml of the folder it is started in")


@feeds.command("export")
@click.option(
    "--format", "shape", type=click.Choice(["toml", "opml"]), default="opml", show_default=True, help="What to print."
)
@click.option("--feeds", "source", metavar="PATH|URL", help="Another list than the configured one.")
def export(shape: str, source: str | None) -> None:
    """Print the feeds as OPML for a feed reader, or as TOML."""
    found = load_feeds(load_settings({"feeds": source}), utc_now)
    click.echo(write_opml(found) if shape == "opml" else write_toml(found), nl=False)


@feeds.command("validate")
@click.argument("file", type=click.Path(path_type=Path))
def validate(file: Path) -> None:
    """Check a feeds file; the first fault is named with its line."""
    click.echo(f"{file}: {len(read_feeds(read_text(file), str(file)))} feeds, no fault")
