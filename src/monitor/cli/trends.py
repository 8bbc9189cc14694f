"""`monitor trends`: weekly counts and shares."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click
import polars as pl

from monitor.cli import show
from monitor.cli.options import WITHIN, data_option, day, vintage, within_options
from monitor.config import load_settings
from monitor.errors import UsageError
from monitor.queries import Archive, open_archive

MOVED = ("name", "articles", "stories", "share", "mean8", "change8", "change8_low", "change8_high", "p_value")


@click.command()
@click.argument("entity", nargs=-1)
@data_option
# as many weeks as fit a terminal side by side; a page has room for a year, the library gives all that there are
@click.option("--weeks", type=click.IntRange(1, 5200), default=12, show_default=True, help="How many weeks back.")
@click.option("--since", type=day, help="Weeks from this day on, instead of --weeks.")
@click.option("--until", type=day, help="Weeks up to this day.")
@click.option("--as-of", type=vintage, help="As it was published: the number of a copy, or a day.")
@within_options
@click.option("--moved", is_flag=True, help="The names that moved by more than noise in the last whole week.")
@click.option(
    "--format", "shape", type=click.Choice(show.FORMATS), default="table", show_default=True, help="How to print."
)
@click.option("--out", type=click.Path(path_type=Path), help="File for csv, json or parquet.")
def trends(
    entity: tuple[str, ...],
    data: Path | None,
    moved: bool,
    shape: str,
    out: Path | None,
    **asked: Any,  # noqa: ANN401  the options of span and narrowing
) -> None:
    """Articles a week that name each ENTITY (name, code or id); without one, the most mentioned.

    A gap ("·") is a week that was not observed, never a zero. The last row or column is the week to date: it is marked
    and not to be compared with whole weeks. One name may be narrowed to a part of the archive, or shown as it was
    published.
    """
    narrowed = {key: asked[key] for key in ("as_of", *WITHIN) if asked[key] is not None}
    if (narrowed and len(entity) != 1) or (moved and (entity or narrowed)):
        raise click.UsageError("--as-of and the narrowing options are for one ENTITY, --moved is for none")
    if asked["since"] and asked["until"] and asked["since"] > asked["until"]:
        raise UsageError(f"--since {asked['since']} lies after --until {asked['until']}: no week is between them")
    people = shape == "table"
    with open_archive(load_settings({"data": data}).place, follow=False) as archive:
        if moved:
            found = archive.movers().select(MOVED) if people else archive.movers()
        elif len(entity) == 1:
            found = archive.trend(entity[0], **_span(asked), **narrowed)
            if people:
                name = archive.named("name", {"entity": archive.entity(entity[0])})["name"][0]
                show.console().print(f"[bold]{show.cell(name)}[/bold]")
                found = for_people(found)
        else:
            names = entity or most_mentioned(archive, asked["weeks"], 10, asked["since"], asked["until"])
            found = archive.compare(names, **_span(asked)) if names else pl.DataFrame()
            found = pivot(found) if people else found
        note = archive.not_yet() if people else ""
    if people and moved and not found.height:
        show.console().print("No name moved by more than noise in the last whole week.")
    else:
        show.frame(found, shape, out)
    if note:
        show.console().print(note, style="dim")


def _span(asked: dict[str, Any]) -> dict[str, Any]:
    return {"weeks": None if asked["since"] else asked["weeks"], "since": asked["since"], "until": asked["until"]}


def most_mentioned(
    archive: Archive, weeks: int, most: int, since: date | None = None, until: date | None = None
) -> list[str]:
    """Ids of the listed entities that most articles of the last weeks, or of a span, name."""
    span = {name: day for name, day in (("since", since), ("until", until)) if day}
    return archive.named("most_mentioned", {"weeks": weeks, "limit": most, **span})["entity_id"].to_list()


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
    is_long = found["week"].n_unique() > 50  # so that a day of the year is told from that of another year
    short = marked(found).with_columns(week=pl.col("week").str.slice(0 if is_long else 5))
    wide = short.pivot("week", index="name", values="articles", aggregate_function="first")
    total = found.group_by("name").agg(total=pl.col("articles").sum())
    rank = pl.DataFrame({"name": order, "_rank": range(len(order))})
    return (
        wide.join(total, on="name").join(rank, on="name").sort("total", "_rank", descending=[True, False]).drop("_rank")
    )
