"""`monitor query`: named queries and read-only SQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from monitor.cli import show
from monitor.cli.options import data_option
from monitor.config import load_settings
from monitor.errors import QueryError
from monitor.queries import Limits, analysts_queries, open_archive

_ADVICE = ": narrow it, or give LIMIT, a larger --max-rows or --max-memory; monitor export FOLDER writes whole tables"


@click.command()
@click.argument("query", required=False)
@data_option
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter; repeatable.")
@click.option(
    "--format", "shape", type=click.Choice(show.FORMATS), default="table", show_default=True, help="How to print."
)
@click.option("--out", type=click.Path(path_type=Path), help="File for csv, json or parquet.")
@click.option("--max-rows", type=click.IntRange(1), default=100_000, show_default=True, help="Most rows of an answer.")
@click.option(
    "--max-memory", type=click.IntRange(64), default=1_000, show_default=True, help="Megabytes that it may work with."
)
def query(
    query: str | None,
    data: Path | None,
    params: tuple[str, ...],
    shape: str,
    out: Path | None,
    max_rows: int,
    max_memory: int,
) -> None:
    """Run a named QUERY, or SQL that reads, on the published copy. Without one, list the named queries.

    SQL is what has a space in it: monitor query "FROM weekly_mentions LIMIT 5". Parameters are written $name. An answer
    of more rows than --max-rows is refused whole, not cut off; what needs more than --max-memory may put a gigabyte
    into the folder for temporary files.
    """
    if query is None:
        rows = [(q.name, " ".join(q.params), q.about) for q in analysts_queries().values()]
        show.console().print(show.table(("query", "parameters", "about"), rows))
        return
    given = dict(_pair(p) for p in params)
    place = load_settings({"data": data}).place
    with (
        _spill() as spill,
        open_archive(place, Limits(megabytes=max_memory, spill=spill, rows=max_rows, advice=_ADVICE)) as archive,
    ):
        found = archive.sql(query, given) if _is_sql(query) else archive.named(query, given)
    show.frame(found, shape, out)


@contextmanager
def _spill() -> Iterator[Path | None]:
    """A folder for what does not fit into memory, if there may be one."""
    try:
        folder = TemporaryDirectory(prefix="monitor-query-")
    except OSError:
        yield None
        return
    with folder as path:
        yield Path(path)


def _is_sql(text: str) -> bool:
    return len(text.split()) > 1


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise QueryError(f"--param {text!r} is not NAME=VALUE")
    return name, value
