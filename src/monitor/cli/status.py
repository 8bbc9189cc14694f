"""`monitor status`: what the archive holds, how its feeds are, the last runs, and the settings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import polars as pl
from rich.console import Console

from monitor.cli import show
from monitor.cli.options import data_option, json_option
from monitor.config import load_settings, provenance
from monitor.queries import open_archive

_WEEKS = 6
_LEDGER = ("discovered", "stored", "duplicate", "refused", "failed", "pending")


@click.command()
@data_option
@click.option("--settings", "only_settings", is_flag=True, help="Each setting with where its value came from.")
@json_option
def status(data: Path | None, only_settings: bool, as_json: bool) -> None:
    """What the archive holds, its last runs with their ledger, its last weeks' coverage, and the feeds that need care.

    A week is covered by what polls could see, from the oldest entry that a feed showed to the poll: a gap is no zero.
    """
    if only_settings:
        _settings(data, as_json)
        return
    with open_archive(load_settings({"data": data}).place) as archive:
        totals = archive.named("totals").to_dicts()[0]
        runs = archive.named("runs").head(5)
        ailing = archive.named("ailing_feeds")
        weeks = archive.named("coverage").tail(_WEEKS)
        path = archive.path
    if as_json:
        show.as_json(
            {
                "path": str(path),
                **totals,
                "runs": runs.to_dicts(),
                "weeks": weeks.to_dicts(),
                "ailing_feeds": ailing.to_dicts(),
            }
        )
        return
    console = show.console()
    console.print(_sentence(totals, path), markup=False)
    console.print()
    _print_runs(console, runs)
    console.print()
    _print_weeks(console, weeks)
    console.print()
    _print_ailing(console, ailing)


def _print_runs(console: Console, runs: pl.DataFrame) -> None:
    columns = ("started_at", "outcome", "feeds_due", "feeds_ok", *_LEDGER, "articles", "mentions")
    console.print(show.table(columns, [_short(row) for row in runs.select(columns).rows()], "Last runs"))
    console.print(balance(runs.select(_LEDGER).to_dicts()), style="dim")


def _print_weeks(console: Console, weeks: pl.DataFrame) -> None:
    columns = ("week", "state", "sources_observed", "sources_partial", "sources_unobserved", "articles")
    console.print(
        show.table(columns, [_open(row) for row in weeks.to_dicts()], "Coverage of the last weeks, by source")
    )


def _print_ailing(console: Console, ailing: pl.DataFrame) -> None:
    if not ailing.height:
        console.print("All feeds are well.")
        return
    console.print(show.table(ailing.columns, ailing.rows(), f"{ailing.height} feeds need a look (a tenth is normal)"))


def _sentence(t: dict[str, object], path: Path) -> str:
    return (
        f"{t['articles']:,} articles ({t['full_articles']:,} with full text), {t['mentions']:,} mentions, "
        f"{t['feeds']} feeds of {t['publishers']} sources, observed since {t['observed_since']}, "
        f"data through {t['data_through']}; {t['pending']:,} entries pending; vintage {t['vintage']} in {path}"
    )


def balance(runs: Sequence[dict[str, int | None]]) -> str:
    """Whether every run accounts for all its entries; a run that was cut off has no sum yet."""
    sums = [(run["discovered"], [run[name] for name in _LEDGER[1:]]) for run in runs if run["discovered"] is not None]
    odd = sum(found != sum(part or 0 for part in parts) for found, parts in sums)
    rule = " + ".join(_LEDGER[1:])
    return f"discovered = {rule}" + (
        f": {odd} of these runs do not add up, see monitor doctor" if odd else " in each run"
    )


def _open(row: dict[str, object]) -> list[object]:
    """A week's row; the week to date is marked."""
    names = ("state", "sources_observed", "sources_partial", "sources_unobserved", "articles")
    return [f"{row['week']}{'*' if row['is_open'] else ''}", *(row[name] for name in names)]


def _short(row: Sequence[object]) -> list[object]:
    return [str(row[0])[:16], *row[1:]]


def _settings(data: Path | None, as_json: bool) -> None:
    rows = provenance({"data": data})
    if as_json:
        show.as_json([{"setting": n, "value": v, "from": w, "about": d} for n, v, w, d in rows])
    else:
        show.console().print(show.table(("setting", "value", "from", "about"), rows))
