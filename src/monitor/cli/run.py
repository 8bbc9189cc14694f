"""`monitor run`: one collection run."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.options import collect_options, json_option, utc_now
from monitor.config import load_settings
from monitor.errors import UnreachableError
from monitor.work.server import start_early


@click.command()
@collect_options
@click.option(
    "--all", "all_", is_flag=True, help="Also poll what is not yet due and retry pages that failed in passing."
)
@json_option
def run(
    data: Path | None,
    feeds: str | None,
    workers: int | None,
    allow_network: tuple[str, ...],
    all_: bool,
    as_json: bool,
) -> None:
    """Collect once: poll what is due, fetch new pages, extract, tag, load, build and publish.

    Exit codes: 0 the run completed (some feeds may have failed), 2 bad configuration or input, 3 no feed could be
    reached, 4 another writer holds the warehouse, 5 a data check stopped the publish.
    """
    settings = load_settings({"data": data, "feeds": feeds, "workers": workers, "allow_network": allow_network})
    start_early(settings.executor)
    from monitor.cli import show
    from monitor.pipeline.report import summary
    from monitor.pipeline.run import collect
    from monitor.pipeline.sources import load_feeds

    with show.progress() as bars:
        report = collect(settings, load_feeds(settings, utc_now), utc_now, all_=all_, progress=bars)
    if as_json:
        show.as_json(report.as_dict())
    else:
        show.console().print(summary(report), markup=False)
    if report.feeds_due and report.unreached == report.feeds_due:
        raise UnreachableError(
            f"none of the {report.feeds_due} feeds that were due could be reached: is the network up? "
            "`monitor status` has the reasons"
        )
