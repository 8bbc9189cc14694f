"""`monitor backfill`: a feed's older articles."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.options import collect_options, json_option, utc_now
from monitor.config import load_settings
from monitor.errors import UsageError
from monitor.work.server import start_early

if TYPE_CHECKING:
    from monitor.pipeline.backfill import BackfillReport

_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)


@click.command()
@click.argument("feed")
@click.option("--since", required=True, type=click.DateTime(["%Y-%m-%d"]), help="First day to collect, YYYY-MM-DD.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=500, show_default=True, help="Most new entries.")
@collect_options
@json_option
def backfill(
    feed: str,
    since: datetime,
    limit: int,
    data: Path | None,
    feeds: str | None,
    workers: int | None,
    allow_network: tuple[str, ...],
    as_json: bool,
) -> None:
    """Collect what FEED (an id) published since a day: its archive (RFC 5005 or ?paged=), then the site's sitemaps.

    Articles are marked as backfilled. Coverage grows only as far back as the archive was walked without a gap. Pages
    over the limit for one host and run stay pending, and later runs fetch them.
    """
    first, now = since.replace(tzinfo=UTC), utc_now()
    if not _EARLIEST <= first <= now:
        raise UsageError(f"--since {since:%Y-%m-%d}: must lie between 1995-01-01 and today")
    settings = load_settings({"data": data, "feeds": feeds, "workers": workers, "allow_network": allow_network})
    start_early(settings.executor)
    from monitor.cli import show
    from monitor.pipeline.backfill import backfill as collect_older
    from monitor.pipeline.sources import load_feeds

    with show.progress() as bars:
        report = collect_older(
            settings, load_feeds(settings, utc_now), feed, first, utc_now, limit=limit, progress=bars
        )
    if as_json:
        show.as_json(asdict(report))
        return
    for line in sentences(report):
        click.echo(line)


def sentences(r: BackfillReport) -> list[str]:
    """What a backfill did, in a few lines."""
    documents = "1 document" if r.documents == 1 else f"{r.documents} documents"
    lines = [
        f"{r.feed_id} since {r.since:%Y-%m-%d}: {documents} of its archive read; {r.ended}",
        f"{r.found} older entries, {r.new} of them new ({r.from_sitemaps} from sitemaps); "
        f"{r.counts.get('articles', 0)} articles stored, {r.pending} pending",
    ]
    if r.left:
        lines.append(f"{r.left} more were over the limit: run it again to go on")
    if r.pending:
        lines.append("`monitor run` fetches the pending pages, some of each host at a time")
    if r.reached:
        lines.append(f"coverage of this feed now begins at {r.reached:%Y-%m-%d %H:%M} UTC or earlier")
    if r.from_sitemaps:
        lines.append("a sitemap does not prove that nothing is missing: its articles do not extend coverage")
    return [*lines, f"published {r.published}" if r.published else "nothing new to publish"]
