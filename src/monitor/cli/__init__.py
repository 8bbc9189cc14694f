"""The command line: a thin shell. Commands load late, so that `--help` starts in a fraction of a second."""

from __future__ import annotations

import importlib
import os
import sys

import click

from monitor import __version__
from monitor.errors import DataFolderError, MonitorError, UsageError
from monitor.masked import masked

# name -> what it does; the module monitor.cli.<name> holds a command of the same name
COMMANDS = {
    "run": "Collect once: poll, fetch, extract, tag, load, publish.",
    "demo": "Run the main job on the embedded sample site.",
    "trends": "Weekly mention trends of countries and organisations.",
    "query": "Run a named query or read-only SQL on the published copy.",
    "diff": "Why numbers changed between two published copies.",
    "export": "The archive as Parquet files by month, with a manifest.",
    "tag": "Tag countries and organisations in text or JSON lines.",
    "status": "What the archive holds, how its feeds are, and the settings.",
    "retag": "Tag the archive again with today's gazetteer, with a diff.",
    "feeds": "List, import, export and care for feeds.",
    "backfill": "Collect a feed's older articles from archives and sitemaps.",
    "forget": "Remove an article or a source everywhere, for good.",
    "warehouse": "Copy an archive between a file and a DuckLake, and keep a lake small.",
    "gazetteer": "Check, search and explain the gazetteer.",
    "validate": "How good the tagger is on your own archive, by your own coders.",
    "dashboard": "The dashboard: weekly mention trends with the sentences behind them.",
    "report": "The last whole week as one HTML file, mail or text.",
    "serve": "The service: Prefect server, scheduled flows and dashboard, supervised.",
    "doctor": "Look for what is wrong with this installation and its service.",
    "notify": "Try the ways that alarms go.",
}


class LateGroup(click.Group):
    """A group that imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"monitor.cli.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Names and what they do, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LateGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="monitor")
def cli() -> None:
    """Weekly mention trends of countries and organisations, with the sentences behind every count."""


def main() -> None:
    """Run a command; an expected error is one line on stderr and its exit code."""
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # its own pool keeps 30 MB of what was freed
    try:
        _need_utf8(sys.argv)
        cli.main(standalone_mode=False)
    except MonitorError as error:
        fail(str(error), error.exit_code)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        fail("interrupted; what was stored is safe, run again to go on", 130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        if type(error).__module__.lstrip("_").partition(".")[0] != "duckdb":  # not imported here, for a quick --help
            raise
        damaged = "if its file is damaged, put the last of DATA/backups in the place of warehouse.duckdb"
        fail(
            f"the database cannot be read or written ({masked(str(error).splitlines()[0])}): {damaged}",
            DataFolderError.exit_code,
        )


def _need_utf8(arguments: list[str]) -> None:
    """Bytes that are no text go neither into a query nor onto a terminal. Raises UsageError."""
    for word in arguments:
        if not word.isascii() and any("\ud800" <= c <= "\udfff" for c in word):
            raise UsageError(f"{os.fsencode(word)!r} is not UTF-8: give text")


def fail(message: str, code: int) -> None:
    """Say one line on stderr and exit."""
    click.echo(f"monitor: {' '.join(message.split())}", err=True)
    sys.exit(code)
