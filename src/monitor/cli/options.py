"""Options that several commands share, and the clock they run by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def data_option(function: F) -> F:
    """--data DIR."""
    return click.option("--data", type=click.Path(path_type=Path), help="Data folder (default: data).")(function)


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
