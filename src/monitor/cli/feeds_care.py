"""`monitor feeds retire`, `rename` and `check`: care for feeds over time, and what becomes of their history."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.feeds_find import list_option
from monitor.cli.options import data_option, json_option, utc_now
from monitor.config import Settings, load_settings
from monitor.errors import DataFolderError, UsageError
from monitor.pipeline.feed_edit import Edited, switch_feed
from monitor.pipeline.feed_edit import rename as rename_everywhere

if TYPE_CHECKING:
    import polars as pl


@click.command()
@click.argument("feed_id", metavar="ID")
@click.option("--undo", is_flag=True, help="Take a retired feed up again.")
@list_option
@data_option
def retire(feed_id: str, undo: bool, source: str | None, data: Path | None) -> None:
    """Stop polling a feed; all it gave stays in the archive and is counted as before."""
    settings = load_settings({"feeds": source, "data": data})
    edited, has_changed = switch_feed(settings, feed_id, active=undo)
    _say_started(edited)
    if not has_changed:
        click.echo(f"{feed_id} is {'active' if undo else 'retired'} already: nothing changed")
    elif undo:
        click.echo(f"{feed_id} is polled again from the next run on; the time between stays a gap, not a zero")
    else:
        click.echo(f"{feed_id} is retired: no run polls it any more")
        click.echo(_kept(settings, feed_id))
        click.echo(f"take it up again: monitor feeds retire {feed_id} --undo; remove a source: monitor forget SOURCE")


@click.command()
@click.argument("old")
@click.argument("new")
@list_option
@data_option
def rename(old: str, new: str, source: str | None, data: Path | None) -> None:
    """Give feed OLD the id NEW, in feeds.toml and in the archive with all its history."""
    settings = load_settings({"feeds": source, "data": data})
    done = rename_everywhere(settings, old, new, utc_now)
    _say_started(done.edited)
    click.echo(f"{old} is now {new} in {done.edited.path}")
    if done.articles is None:
        click.echo(f"the archive in {settings.data} knew nothing of {old}: no history to carry over")
    else:
        click.echo(
            f"its history came along: {done.articles} articles with their entries, attempts and coverage are those of "
            f"{new}; published {done.published}"
        )


@click.command()
@click.argument("feed_ids", metavar="[ID]...", nargs=-1)
@click.option("--ailing", is_flag=True, help="Only the feeds that need a look.")
@data_option
@json_option
def check(feed_ids: tuple[str, ...], ailing: bool, data: Path | None, as_json: bool) -> None:
    """How each feed fares, with a plain sentence of what to do; the troubled ones first.

    content: days since its newest article, beside its usual longest gap. same: share of polls answered 304, not
    modified. week: articles a week in the last four weeks, beside the half year before. words: median length, likewise.
    """
    from monitor.cli import show
    from monitor.queries import open_archive

    with open_archive(load_settings({"data": data}).place) as archive:
        found = archive.named("feed_check")
    known = set(found["feed_id"])
    if unknown := [i for i in feed_ids if i not in known]:
        raise UsageError(f"the published archive has no feed {', '.join(unknown)}: `monitor feeds check` lists all")
    rows = [r for r in found.to_dicts() if not feed_ids or r["feed_id"] in feed_ids]
    if ailing:
        rows = [r for r in rows if r["is_active"] and r["advice"] != "Well."]
    if as_json:
        show.as_json(rows)
        return
    show.console().print(show.table(_COLUMNS, [_row(r) for r in rows]))
    active = [r for r in found.to_dicts() if r["is_active"]]
    well = sum(r["advice"] == "Well." for r in active)
    click.echo(f"{well} of {len(active)} active feeds are well (a tenth that needs a look on any day is normal)")


_COLUMNS = ("feed", "status", "last ok", "content", "usual gap", "fails", "same", "week", "words", "what to do")


def _row(r: dict[str, object]) -> tuple[object, ...]:
    return (
        r["feed_id"],
        r["status"],
        str(r["last_ok_at"] or "never")[:16],
        _days(r["content_age_days"]),
        _days(r["usual_gap_days"]),
        r["consecutive_failures"],
        None if r["unchanged_share"] is None else f"{r['unchanged_share']:.0%}",
        _pair(r["weekly_articles"], r["usual_weekly_articles"], ".1f"),
        _pair(r["words"], r["usual_words"], ".0f"),
        r["advice"],
    )


def _days(value: object) -> str | None:
    return None if value is None else f"{value:.0f} d"


def _pair(now: object, usual: object, form: str) -> str | None:
    shown = ["·" if value is None else format(value, form) for value in (now, usual)]
    return None if now is None and usual is None else " / ".join(shown)


def _kept(settings: Settings, feed_id: str) -> str:
    row = _history(settings, feed_id)
    if row is None or not row["articles"][0]:
        return "the archive holds no article of it yet"
    count, first, last = (row[name][0] for name in ("articles", "first_article", "last_article"))
    return (
        f"its {count} articles from {first} to {last} stay and are counted as before; weeks from now on do not ask for "
        f"its source ({row['publisher'][0]}) unless another of its feeds is active"
    )


def _history(settings: Settings, feed_id: str) -> pl.DataFrame | None:
    from monitor.queries import open_archive

    try:
        with open_archive(settings.place) as archive:
            found = archive.named("feed_history", {"feed_id": feed_id})
    except DataFolderError:
        return None
    return found if found.height else None


def _say_started(edited: Edited) -> None:
    if edited.started_with is not None:
        click.echo(
            f"{edited.path} did not exist: it was started with a copy of the built-in list "
            f"({edited.started_with} feeds), which it replaces from now on"
        )
