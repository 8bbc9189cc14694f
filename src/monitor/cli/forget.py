"""`monitor forget`: an article or a source removed for good."""

from __future__ import annotations

import sys
from pathlib import Path
from shlex import quote

import click

from monitor.backup import back_up
from monitor.cli.options import data_option, utc_now
from monitor.config import load_settings
from monitor.errors import UsageError
from monitor.feeds_file import set_active
from monitor.pipeline.feed_edit import declared_ids, list_file, own_list, save
from monitor.pipeline.forget import Forgotten, find_forgettable
from monitor.pipeline.forget import forget as forget_everywhere
from monitor.store.forget import Forgettable


@click.command()
@click.argument("target", metavar="URL_OR_SOURCE")
@click.option("--reason", metavar="TEXT", help="Kept with the tombstone.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@data_option
def forget(target: str, reason: str | None, yes: bool, data: Path | None) -> None:
    """Remove an article (by its URL) or a whole source everywhere, and keep it from coming back.

    Texts, titles, mentions and addresses go from the warehouse, from all published copies and from the backups; the
    file is written anew, so that no freed block holds them, and a lake keeps no older snapshot. What is left is a
    tombstone with the address or the source's name. This cannot be undone.
    """
    settings = load_settings({"data": data})
    found = find_forgettable(settings.place, target, utc_now)
    if not yes:
        _ask(found)
    done = forget_everywhere(settings.place, target, utc_now, reason=reason)
    _say(done)
    if settings.place.is_lake:
        click.echo("its snapshots and files are gone; VACUUM the catalogue, purge its dumps and the store's versions")
    if done.backups:
        fresh = back_up(settings.data, utc_now, settings.keep_backups)
        click.echo(f"a new backup without it: {fresh.path}")
    if found.kind == "source":
        _switch_off(found.value)


def _ask(found: Forgettable) -> None:
    click.echo(found.sentence())
    for title in found.titles:
        click.echo(f"  {title}")
    if not sys.stdin.isatty():
        raise UsageError("nothing was removed: this is not a terminal to ask on, give --yes")
    click.confirm("Remove this for good, old copies and backups included?", abort=True)


def _say(done: Forgotten) -> None:
    found = done.found
    click.echo(f"forgotten: {found.sentence()}" + ("; it was forgotten before" if found.is_buried else ""))
    click.echo(f"published {done.published}; {done.copies} old copies and {done.backups} backups removed")
    if found.copies:
        click.echo(f"{len(found.copies)} near-identical articles stay, forget them by their own address:")
        for url in found.copies[:10]:
            click.echo(f"  monitor forget {quote(url)}")


def _switch_off(source: str) -> None:
    """A forgotten source need not be asked any more: its feeds are retired in a list that is ours to edit."""
    path = list_file(load_settings())
    if path is None or not path.exists():
        click.echo(f"the feeds of {source} stay in the list of feeds, where nothing of theirs is stored any more")
        return
    text, _ = own_list(path)
    ids = declared_ids(text, path, source)
    for feed_id in ids:
        text = set_active(text, feed_id, False)
    if ids:
        save(path, text)
        click.echo(f"{path}: {', '.join(ids)} switched off")
