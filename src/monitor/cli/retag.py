"""`monitor retag`: tag the archive again with today's gazetteer."""

from __future__ import annotations

from pathlib import Path

import click
import polars as pl

from monitor.cli import show
from monitor.cli.options import data_option, utc_now
from monitor.config import load_settings
from monitor.errors import UsageError
from monitor.pipeline.retag import RetagReport, prune_past
from monitor.pipeline.retag import retag as tag_archive


@click.command()
@data_option
@click.option("--workers", type=int, help="Worker processes; 0 is one for each core.")
@click.option(
    "--diff", "only_diff", is_flag=True, help="Tag beside the old version and show what would change; no switch."
)
@click.option(
    "--full",
    is_flag=True,
    help="Tag all articles again, also those that name nothing of what changed in the gazetteer.",
)
@click.option("--prune", is_flag=True, help="Drop the mentions of past versions instead.")
@click.option(
    "--format", "shape", type=click.Choice(show.FORMATS), default="table", show_default=True, help="How to print."
)
@click.option("--out", type=click.Path(path_type=Path), help="File for the whole diff as csv, json or parquet.")
def retag(
    data: Path | None, workers: int | None, only_diff: bool, full: bool, prune: bool, shape: str, out: Path | None
) -> None:
    """Tag the archive again, show the difference by entity, week and alias, and switch in one transaction.

    Articles that name nothing of what changed in the gazetteer are left as they are; when rules or word lists changed,
    all are tagged. A run that was stopped goes on where it was. The old version stays beside until `--prune` or the
    service's nightly refresh.
    """
    settings = load_settings({"data": data, "workers": workers})
    if prune and (only_diff or full or out):
        raise UsageError("--prune drops past versions and tags nothing: leave out --diff, --full and --out")
    if out and shape == "table":
        shape = out.suffix.removeprefix(".").lower()
        if shape not in show.FORMATS or shape == "table":
            raise UsageError(f"{out} does not end in .csv, .json or .parquet: say which with --format")
    if prune:
        published = prune_past(settings, utc_now)
        click.echo(f"past versions dropped; published {published}")
        return
    with show.progress() as bars:
        report = tag_archive(settings, utc_now, apply=not only_diff, full=full, progress=bars)
    if shape != "table":
        show.frame(report.diff, shape, out)
        return
    _tell(report, only_diff)


def _tell(report: RetagReport, only_diff: bool) -> None:
    console = show.console()
    if report.diff.height:
        by_entity = report.diff.group_by("entity_id").agg(
            pl.col("articles_before", "articles_after", "mentions_before", "mentions_after").sum(),
            aliases=pl.col("alias").unique().sort().head(3).str.join(", "),
        )
        change = (pl.col("mentions_after") - pl.col("mentions_before")).abs()
        top = by_entity.sort(change, "entity_id", descending=[True, False]).head(20)
        console.print(show.table(top.columns, top.rows(), "What changes most, by entity"))
    if not report.beside + report.left:
        click.echo(f"nothing to do: every article is tagged by version {report.version}")
        return
    before = report.beside - report.articles
    earlier = f" ({before} of them by an earlier run)" if before else ""
    click.echo(
        f"{report.beside} articles tagged by version {report.version}{earlier}, {report.same} of them as they were,"
        f" {report.diff.height} counts differ"
    )
    if report.left:
        click.echo(f"{report.left} articles name nothing of what changed and keep their mentions")
    if report.given_up:
        click.echo(
            f"{len(report.given_up)} articles killed their worker and keep their old mentions: {report.given_up[:5]}"
        )
    click.echo("nothing switched: monitor retag puts it in use" if only_diff else f"published {report.published}")
