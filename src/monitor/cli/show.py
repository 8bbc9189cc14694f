"""How results are printed: tables for people, CSV and JSON for machines. The only door to rich."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import click
import polars as pl
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from monitor.cells import as_text, to_csv, to_json
from monitor.errors import UsageError
from monitor.lines import fit

FORMATS = ("table", "csv", "json", "parquet")


def console() -> Console:
    """Standard output; a pipe gets wide lines and no colours."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else 160)


def frame(data: pl.DataFrame, shape: str, out: Path | None = None) -> None:
    """Print or write a frame. Parquet needs a file. Raises UsageError."""
    if shape == "parquet":
        if out is None:
            raise UsageError("parquet is not for a terminal: name a file with --out FILE")
        with written(out):
            data.write_parquet(out)
    elif shape == "csv":
        _put(to_csv(data), out)
    elif shape == "json":
        _put(to_json(data.to_dicts()) + "\n", out)
    elif out is not None:
        raise UsageError("--out needs --format csv, json or parquet")
    else:
        console().print(table(data.columns, data.rows()))


def _put(text: str, out: Path | None) -> None:
    if out is None:
        click.echo(text, nl=False)
    else:
        with written(out):
            out.write_text(text, "utf-8")


@contextmanager
def written(out: Path) -> Iterator[None]:
    """A file that cannot be written is one line. Raises UsageError."""
    try:
        yield
    except (OSError, pl.exceptions.ComputeError) as error:  # polars has its own for a full disk
        told = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"{out} cannot be written: {told}") from error


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], title: str | None = None) -> Table:
    """A plain table; numbers to the right."""
    result = Table(title=title, title_justify="left", box=None, header_style="bold", pad_edge=False)
    for index, column in enumerate(columns):
        numeric = any(
            isinstance(row[index], (int, float, Decimal)) and not isinstance(row[index], bool) for row in rows
        )
        result.add_column(
            cell(column),
            justify="right" if numeric else "left",
            no_wrap=numeric or all(len(str(row[index])) <= 12 for row in rows),
        )
    for row in rows:
        result.add_row(*(cell(v) for v in row))
    return result


def cell(value: object) -> str:
    """One value for a person to read; neither rich's markup nor a terminal's control codes are obeyed."""
    if value is None:
        return "·"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dict | list):
        value = to_json(value)
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".") if abs(value) < 1000 else f"{value:,.0f}"
    text = " ".join((as_text(value) if isinstance(value, bytes) else str(value)).split())
    return escape(fit(text))


def as_json(value: Mapping[str, object] | Sequence[object]) -> None:
    """One JSON document."""
    click.echo(to_json(value))


@contextmanager
def progress() -> Iterator[_Bars]:
    """Progress bars on stderr, when it is a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    err = Console(stderr=True)
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bars:
        yield _Bars(bars)


class _Bars:
    """A bar for each stage that reports."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, object] = {}

    def __call__(self, stage: str, done: int, of: int) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=of)
        self._bars.update(self._tasks[stage], completed=done, total=of)  # type: ignore[arg-type]  # rich's TaskID
