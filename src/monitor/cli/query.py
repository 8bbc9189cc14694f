"""`monitor query`: named queries and read-only SQL."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli import show
from monitor.cli.options import data_option
from monitor.config import load_settings
from monitor.errors import QueryError
from monitor.queries import analysts_queries, open_archive


@click.command()
@click.argument("query", required=False)
@data_option
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter; repeatable.")
@click.option(
    "--format", "form", type=click.Choice(show.FORMATS), default="table", show_default=True, help="How to print."
)
@click.option("--out", type=click.Path(path_type=Path), help="File for csv, json or parquet.")
def query(query: str | None, data: Path | None, params: tuple[str, ...], form: str, out: Path | None) -> None:
    """Run a named QUERY, or SQL that reads, on the published copy. Without one, list the named queries.

    SQL is what has a space in it: monitor query "FROM weekly_mentions LIMIT 5". Parameters are written $name.
    """
    if query is None:
        rows = [(q.name, " ".join(q.params), q.about) for q in analysts_queries().values()]
        show.console().print(show.table(("query", "parameters", "about"), rows))
        return
    given = dict(_pair(p) for p in params)
    with open_archive(load_settings({"data": data}).place) as archive:
        found = archive.sql(query, given) if _is_sql(query) else archive.named(query, given)
    show.frame(found, form, out)


def _is_sql(text: str) -> bool:
    return len(text.split()) > 1


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise QueryError(f"--param {text!r} is not NAME=VALUE")
    return name, value
