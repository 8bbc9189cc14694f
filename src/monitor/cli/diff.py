"""`monitor diff`: why numbers changed between two published copies."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
import polars as pl

from monitor.cli import show
from monitor.cli.options import data_option, vintage
from monitor.config import load_settings
from monitor.queries import open_archive

MEASURES = ("articles", "stories", "sources", "mentions")


@click.command()
@click.argument("before", type=vintage)
@click.argument("after", type=vintage)
@click.argument("entity", nargs=-1)
@data_option
@click.option("--measure", type=click.Choice(MEASURES), default="articles", show_default=True, help="What is counted.")
@click.option(
    "--format", "shape", type=click.Choice(show.FORMATS), default="table", show_default=True, help="How to print."
)
@click.option("--out", type=click.Path(path_type=Path), help="File for csv, json or parquet.")
def diff(
    before: int | date,
    after: int | date,
    entity: tuple[str, ...],
    data: Path | None,
    measure: str,
    shape: str,
    out: Path | None,
) -> None:
    """Say why numbers changed from copy BEFORE to copy AFTER, each a number or a day, for each ENTITY or for all.

    A number's parts add up to its difference: new and late articles, backfill, backlog of new sources, retag,
    boilerplate, stories, dates, forgotten, program (the numbers are made otherwise), unrecorded (the copy before was
    not there to compare with); what has no reason is called other.
    """
    with open_archive(load_settings({"data": data}).place, follow=False) as archive:
        found = archive.diff(before, after)
        if entity:
            found = found.filter(pl.col("entity_id").is_in([archive.entity(name) for name in entity]))
        if shape != "table":
            show.frame(found, shape, out)
            return
        events = archive.diff_events(before, after)
    console = show.console()
    rows = told(found, measure)
    if rows.height:
        console.print(show.table(rows.columns, rows.rows(), f"What changed in {measure}, week by week"))
    else:
        console.print(f"No number of {measure} changed.")
    if events.height:
        console.print(show.table(events.columns, events.rows(), "What happened in between"))


def told(found: pl.DataFrame, measure: str) -> pl.DataFrame:
    """One row a week and entity whose `measure` has parts: before, after and the reasons in words."""
    parts = found.filter(pl.col(measure) != 0).with_columns(
        part=pl.col("reason")
        + " "
        + pl.when(pl.col(measure) > 0).then(pl.lit("+")).otherwise(pl.lit("−"))
        + pl.col(measure).abs().cast(pl.String)
    )
    return parts.group_by("week", "name", maintain_order=True).agg(
        pl.col(f"{measure}_before").first().alias("before"),
        pl.col(f"{measure}_after").first().alias("after"),
        (pl.col(f"{measure}_after") - pl.col(f"{measure}_before")).first().alias("change"),
        pl.col("part").str.join(", ").alias("why"),
    )
