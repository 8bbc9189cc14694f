"""`monitor feeds add` and `feeds test`: one look at an address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

import click

from monitor.cli.options import json_option, utc_now
from monitor.config import Settings, load_settings
from monitor.errors import FeedsFileError, UsageError
from monitor.lines import nearest
from monitor.pipeline.feed_care import Found, Probe, as_declared, find_feed, need_feed, probe_feed
from monitor.pipeline.feed_edit import Edited, add_feed, declared_as
from monitor.pipeline.sources import load_feeds
from monitor.records import SOURCE_TYPES, Entry, Feed

F = TypeVar("F", bound=Callable[..., Any])


def list_option(function: F) -> F:
    """--feeds PATH."""
    return click.option("--feeds", "source", metavar="PATH", help="Another list than the configured one.")(function)


def network_option(function: F) -> F:
    """--allow-network CIDR."""
    return click.option(
        "--allow-network", multiple=True, metavar="CIDR", help="Private network that may be reached; repeatable."
    )(function)


@click.command()
@click.argument("url")
@click.option("--id", "feed_id", default="", help="Short name of the feed (default: from its title).")
@click.option("--name", default="", help="Name to show (default: the feed's title).")
@click.option("--source", "publisher", default="", help="The outlet that it belongs to (default: its host).")
@click.option(
    "--source-type", type=click.Choice(SOURCE_TYPES), default="news", show_default=True, help="Kind of outlet."
)
@click.option("--region", default="", help="Region of the outlet, such as Asia-Pacific.")
@click.option("--language", default="", help="Language code (default: what the feed says).")
@click.option("--collection", "collections", multiple=True, help="Named collection it belongs to; repeatable.")
@click.option("--timezone", default=None, help="Zone of its dates that come without one.")
@click.option("--only", is_flag=True, help="Start feeds.toml with this feed alone, not with the built-in list.")
@list_option
@network_option
def add(url: str, source: str | None, allow_network: tuple[str, ...], only: bool, **given: Any) -> None:  # noqa: ANN401  # click's values
    """Add the feed of URL to feeds.toml; a page's own feed is found.

    The feed is polled once to see that it works; the next run collects it. When there is no feeds.toml yet, it is
    started with a copy of the built-in list, so that adding one feed does not drop the others.
    """
    from monitor.cli import show

    settings = load_settings({"feeds": source, "allow_network": allow_network})
    with show.progress() as bars:
        found = find_feed(url, settings, utc_now, bars)
    feed = as_declared(found, Feed(url="", **given))
    _refuse_known(settings, found, feed, only=only)
    edited = add_feed(settings, feed, only=only)
    _say_found(found)
    for line in report(found.probe):
        click.echo(line)
    _say_added(feed, edited)


@click.command()
@click.argument("target", metavar="URL_OR_ID")
@click.option(
    "--entries", "shown", type=click.IntRange(0, 1000), default=10, show_default=True, help="Entries to show."
)
@list_option
@network_option
@json_option
def test(target: str, shown: int, source: str | None, allow_network: tuple[str, ...], as_json: bool) -> None:
    """Poll a feed once and show what a run would see; nothing is stored.

    Exit codes: 0 a feed, 2 something else or an address that is refused, 3 it could not be reached.
    """
    from monitor.cli import show

    settings = load_settings({"feeds": source, "allow_network": allow_network})
    probe = probe_feed(_target(target, settings), settings, utc_now)
    if as_json:
        show.as_json(_as_dict(probe, shown))
    else:
        for line in report(probe):
            click.echo(line)
        entries = probe.parsed.entries[:shown] if probe.parsed else ()
        if entries:
            show.console().print(show.table(("published", "as written", "full text", "title", "url"), _rows(entries)))
    need_feed(probe)


def report(probe: Probe) -> list[str]:
    """What one poll says, in a few lines."""
    response, parsed = probe.response, probe.parsed
    status = f"HTTP {response.status}" if response.status else response.outcome
    lines = [f"{probe.feed.url}: {status}, {response.wire_bytes:,} bytes in {response.seconds:.2f} s"]
    if response.moved_to:
        lines.append(f"moved for good to {response.moved_to}")
    if not probe.is_feed or parsed is None:
        return [*lines, f"status {probe.state.status}: {probe.problem}"]
    lines.append(f"status {probe.state.status}" + (f": {parsed.note}" if parsed.note else ""))
    lines.append(f"{parsed.title or 'no title'}: {_span(parsed.entries)}, {_texts(probe)}")
    if probe.first_page:
        lines.append(f"first page {probe.first_page}: {probe.robots}")
    lines.append(f"a run would poll it every {probe.state.interval / 60:.0f} minutes")
    return lines


def _span(entries: Sequence[Entry]) -> str:
    days = sorted(e.published_at for e in entries if e.published_at)
    dated = f"{len(days)} dated from {days[0]:%Y-%m-%d} to {days[-1]:%Y-%m-%d}" if days else "none dated"
    return f"{len(entries)} entries, {dated}"


def _texts(probe: Probe) -> str:
    of = len(probe.parsed.entries) if probe.parsed else 0
    if not probe.full_texts:
        return "full text on the pages only"
    return f"full text in the feed for {probe.full_texts} of {of}"


def _rows(entries: Sequence[Entry]) -> list[Sequence[object]]:
    return [
        (_day(e.published_at, date_only=e.date_only), e.published_raw, bool(e.content), e.title, e.url or e.refused)
        for e in entries
    ]


def _day(at: datetime | None, *, date_only: bool) -> str | None:
    return None if at is None else f"{at:%Y-%m-%d}" if date_only else f"{at:%Y-%m-%d %H:%M}Z"


def _as_dict(probe: Probe, shown: int) -> dict[str, object]:
    parsed, response = probe.parsed, probe.response
    entries = parsed.entries if parsed else ()
    return {
        "feed_id": probe.feed.feed_id,
        "url": probe.feed.url,
        "final_url": response.final_url,
        "moved_to": response.moved_to,
        "outcome": response.outcome,
        "http_status": response.status,
        "bytes": response.wire_bytes,
        "seconds": response.seconds,
        "status": probe.state.status,
        "note": probe.state.note,
        "title": parsed.title if parsed else None,
        "language": parsed.language if parsed else None,
        "entries": len(entries),
        "full_texts": probe.full_texts,
        "first_page": probe.first_page,
        "robots": probe.robots,
        "poll_seconds": probe.state.interval,
        "first_entries": [
            {"title": e.title, "url": e.url, "published_raw": e.published_raw, "published_at": e.published_at}
            for e in entries[:shown]
        ],
    }


def _target(target: str, settings: Settings) -> Feed:
    """A feed of the list by its id, else an address."""
    if target.startswith(("http://", "https://")):
        known = (f for f in load_feeds(settings, utc_now) if f.url == target)
        return next(known, Feed("", "", target, ""))
    return declared(target, load_feeds(settings, utc_now))


def declared(feed_id: str, feeds: Sequence[Feed]) -> Feed:
    """The feed of an id. Raises UsageError with the nearest one."""
    by_id = {f.feed_id: f for f in feeds}
    if feed_id in by_id:
        return by_id[feed_id]
    raise UsageError(f"no feed has the id {feed_id!r}{nearest(feed_id, by_id)}: `monitor feeds list` shows them")


def _refuse_known(settings: Settings, found: Found, feed: Feed, *, only: bool) -> None:
    known = None
    for url in () if only else (feed.url, found.probe.feed.url):
        known = known or declared_as(settings, url)
    if known is None:
        return
    how = "" if known.active else f"; it is retired, `monitor feeds retire {known.feed_id} --undo` takes it up again"
    raise FeedsFileError(f"{feed.url} is in the list already, as {known.feed_id}{how}")


def _say_found(found: Found) -> None:
    if found.page:
        click.echo(f"found on {found.page}: {found.probe.feed.url}")
    if found.others:
        click.echo(f"it also names {', '.join(found.others)}")


def _say_added(feed: Feed, edited: Edited) -> None:
    if edited.started_with:
        click.echo(
            f"{edited.path} did not exist: it was started with a copy of the built-in list "
            f"({edited.started_with} feeds), which it replaces from now on"
        )
    elif edited.started_with == 0:
        click.echo(
            f"{edited.path} did not exist: it was started with this feed alone, the built-in list is not used here"
        )
    click.echo(
        f"added to {edited.path} as {feed.feed_id}: source {feed.publisher}, {feed.source_type}, "
        f"language {feed.language or 'unknown'}; the next `monitor run` collects it"
    )
