"""`monitor trends`: weekly counts and shares."""

from __future__ import annotations

from pathlib import Path

import click
import polars as pl

from monitor.cli import show
from monitor.cli.options import data_option
from monitor.config import load_settings
from monitor.queries import Archive, open_archive


@click.command()
@click.argument("entity", nargs=-1)
@data_option
@click.option("--weeks", type=click.IntRange(1, 5200), default=12, show_default=True, help="How many weeks back.")
@click.option(
    "--format", "form", type=click.Choice(show.FORMATS), default="table", show_default=True, help="How to print."
)
@click.option("--out", type=click.Path(path_type=Path), help="File for csv, json or parquet.")
def trends(entity: tuple[str, ...], data: Path | None, weeks: int, form: str, out: Path | None) -> None:
    """Articles a week that name each ENTITY (name, code or id); without one, the most mentioned.

    A gap ("·") is a week that was not observed, never a zero. The last row or column is the week to date: it is marked
    and not to be compared with full weeks.
    """
    with open_archive(load_settings({"data": data}).place) as archive:
        if len(entity) == 1:
            found = archive.trend(entity[0], weeks)
            if form == "table":
                show.console().print(f"[bold]{show.cell(found['name'][0] if found.height else entity[0])}[/bold]")
                found = for_people(found)
        else:
            names = entity or most_mentioned(archive, weeks, 10)
            found = archive.compare(names, weeks) if names else pl.DataFrame()
            if form == "table":
                found = pivot(found)
    show.frame(found, form, out)


def most_mentioned(archive: Archive, weeks: int, most: int) -> list[str]:
    """Ids of the listed entities that most articles of the last weeks name."""
    return archive.named("most_mentioned", {"weeks": weeks, "limit": most})["entity_id"].to_list()


def for_people(found: pl.DataFrame) -> pl.DataFrame:
    """One entity's weeks with the share in per cent and its interval."""
    low, high = (pl.col(c).mul(100).round(1).cast(pl.String) for c in ("share_low", "share_high"))
    return marked(found).select(
        "week",
        "articles",
        "stories",
        "sources",
        pl.col("observed_articles").alias("of"),
        pl.col("share").mul(100).round(1).alias("share %"),
        pl.when(pl.col("share").is_not_null()).then(low + "-" + high).alias("95 %"),
        pl.col("mean4").mul(100).round(1).alias("4 weeks %"),
        "state",
    )


def marked(found: pl.DataFrame) -> pl.DataFrame:
    """Weeks as text; the week to date has an asterisk."""
    return found.with_columns(
        week=pl.col("week").cast(pl.String) + pl.when("is_open").then(pl.lit("*")).otherwise(pl.lit(""))
    )


def pivot(found: pl.DataFrame) -> pl.DataFrame:
    """One row an entity, one column a week."""
    if not found.height:
        return found
    order = found["name"].unique(maintain_order=True)
    short = marked(found).with_columns(week=pl.col("week").str.slice(5))
    wide = short.pivot("week", index="name", values="articles", aggregate_function="first")
    total = found.group_by("name").agg(total=pl.col("articles").sum())
    rank = pl.DataFrame({"name": order, "_rank": range(len(order))})
    return (
        wide.join(total, on="name").join(rank, on="name").sort("total", "_rank", descending=[True, False]).drop("_rank")
    )
