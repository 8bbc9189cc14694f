"""`monitor status`: what the archive holds, how its feeds are, the last runs, and the settings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from monitor.cli import show
from monitor.cli.options import data_option, json_option
from monitor.config import load_settings, provenance
from monitor.queries import open_archive

_LEDGER = ("discovered", "stored", "duplicate", "refused", "failed", "pending")


@click.command()
@data_option
@click.option("--settings", "only_settings", is_flag=True, help="Each setting with where its value came from.")
@json_option
def status(data: Path | None, only_settings: bool, as_json: bool) -> None:
    """What the archive holds, its last runs with their ledger, and the feeds that need care."""
    if only_settings:
        _settings(data, as_json)
        return
    with open_archive(load_settings({"data": data}).data) as archive:
        totals = archive.named("totals").to_dicts()[0]
        runs = archive.named("runs").head(5)
        ailing = archive.named("ailing_feeds")
        path = archive.path
    if as_json:
        show.as_json({"path": str(path), **totals, "runs": runs.to_dicts(), "ailing_feeds": ailing.to_dicts()})
        return
    console = show.console()
    console.print(_sentence(totals, path), markup=False)
    console.print()
    columns = ("started_at", "outcome", "feeds_due", "feeds_ok", *_LEDGER, "articles", "mentions")
    console.print(show.table(columns, [_short(row) for row in runs.select(columns).rows()], "Last runs"))
    console.print("discovered = stored + duplicate + refused + failed + pending", style="dim")
    console.print()
    if ailing.height:
        console.print(
            show.table(ailing.columns, ailing.rows(), f"{ailing.height} feeds need a look (a tenth is normal)")
        )
    else:
        console.print("All feeds are well.")


def _sentence(t: dict[str, object], path: Path) -> str:
    return (
        f"{t['articles']:,} articles ({t['full_articles']:,} with full text), {t['mentions']:,} mentions, "
        f"{t['feeds']} feeds of {t['publishers']} sources, observed since {t['observed_since']}, "
        f"data through {t['data_through']}; {t['pending']:,} entries pending; vintage {t['vintage']} in {path}"
    )


def _short(row: Sequence[object]) -> list[object]:
    return [str(row[0])[:16], *row[1:]]


def _settings(data: Path | None, as_json: bool) -> None:
    rows = provenance({"data": data})
    if as_json:
        show.as_json([{"setting": n, "value": v, "from": w, "about": d} for n, v, w, d in rows])
    else:
        show.console().print(show.table(("setting", "value", "from", "about"), rows))
