"""Options that several commands share, and the clock they run by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from monitor.errors import UsageError
from monitor.records import FORMS, SALIENCES, SOURCE_TYPES

F = TypeVar("F", bound=Callable[..., Any])


def day(value: str) -> date:
    """A day as YYYY-MM-DD."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no day such as 2026-11-09") from None


def vintage(value: str) -> int | date:
    """A published copy by its number, or by a day: the last one that was published by its end."""
    return int(value) if value.isdecimal() else day(value)


class Folder(click.Path):
    """A folder by its name: an empty one, as of a variable that is not set, would be the folder one is in."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401  # click's
        """The path. Raises UsageError."""
        if isinstance(value, str) and not value.strip():
            name = (param.opts[0] if param.opts[0].startswith("-") else param.opts[0].upper()) if param else "a path"
            raise UsageError(f"{name} is empty: name a folder, or . for the one you are in")
        return super().convert(value, param, ctx)


def data_option(function: F) -> F:
    """--data DIR."""
    return click.option("--data", type=Folder(), metavar="PATH", help="Data folder (default: data).")(function)


def collect_options(function: F) -> F:
    """The settings of a collection run."""
    options = [
        click.option("--feeds", metavar="PATH|URL", help="Feeds: path or URL of TOML, OPML or CSV."),
        click.option("--workers", type=int, help="Worker processes; 0 is one for each core."),
        click.option(
            "--allow-network", multiple=True, metavar="CIDR", help="Private network that may be reached; repeatable."
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return data_option(function)


def json_option(function: F) -> F:
    """--json."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for a machine.")(function)


def utc_now() -> datetime:
    """The wall clock: read here and handed down."""
    return datetime.now(UTC)


# what a trend can be narrowed by, as options of the same names
WITHIN = {
    "source_type": (f"Only sources of this type: {', '.join(SOURCE_TYPES)}.", None),
    "region": ("Only sources of this region.", None),
    "collection": ("Only sources of this collection.", None),
    "salience": ("Only where it stands in the title, in title or lead, or repeatedly.", SALIENCES),
    "form": ("Only this form of the name.", FORMS),
}


def within_options(function: F) -> F:
    """--source-type, --region, --collection, --salience, --form."""
    for key, (about, choices) in reversed(WITHIN.items()):
        kind = click.Choice(choices) if choices else None
        function = click.option(f"--{key.replace('_', '-')}", key, type=kind, help=about)(function)
    return click.option("--name-form", "form", type=click.Choice(FORMS), hidden=True)(function)  # its old name
