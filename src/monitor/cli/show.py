"""How results are printed: tables for people, CSV and JSON for machines. The only door to rich."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
import polars as pl
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from monitor.errors import UsageError

FORMATS = ("table", "csv", "json", "parquet")


def console() -> Console:
    """Standard output; a pipe gets wide lines and no colours."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else 160)


def frame(data: pl.DataFrame, form: str, out: Path | None = None) -> None:
    """Print or write a frame. Parquet needs a file. Raises UsageError."""
    if form == "parquet":
        if out is None:
            raise UsageError("parquet is not for a terminal: name a file with --out FILE")
        with written(out):
            data.write_parquet(out)
    elif form == "csv":
        _put(_flat(data).write_csv(), out)
    elif form == "json":
        _put(json.dumps(data.to_dicts(), default=str, ensure_ascii=False) + "\n", out)
    elif out is not None:
        raise UsageError("--out needs --format csv, json or parquet")
    else:
        console().print(table(data.columns, data.rows()))


def _flat(data: pl.DataFrame) -> pl.DataFrame:
    """CSV has no lists: they are joined by semicolons."""
    lists = [c for c, t in data.schema.items() if isinstance(t, pl.List)]
    return data.with_columns(pl.col(lists).list.eval(pl.element().cast(pl.String)).list.join(";")) if lists else data


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
        numeric = any(isinstance(row[index], (int, float)) and not isinstance(row[index], bool) for row in rows)
        result.add_column(
            column,
            justify="right" if numeric else "left",
            no_wrap=numeric or all(len(str(row[index])) <= 12 for row in rows),
        )
    for row in rows:
        result.add_row(*(cell(v) for v in row))
    return result


def cell(value: object) -> str:
    """One value for a person to read; rich's markup is not interpreted."""
    if value is None:
        return "·"
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".") if abs(value) < 1000 else f"{value:,.0f}"
    return " ".join(str(value).split()).replace("[", r"\[")


def as_json(value: Mapping[str, object] | Sequence[object]) -> None:
    """One JSON document."""
    click.echo(json.dumps(value, default=str, ensure_ascii=False))


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
