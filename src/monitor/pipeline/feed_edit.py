"""Changes to the operator's list of feeds, with what they mean for the history in the warehouse."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from shlex import quote

from monitor.config import Settings
from monitor.errors import FeedsFileError, UsageError
from monitor.feeds_file import append_feed, read_feeds, set_active, set_value
from monitor.pipeline.context import Clock
from monitor.pipeline.run import build_and_publish
from monitor.pipeline.sources import OWN_FILE
from monitor.records import Feed
from monitor.store import Warehouse
from monitor.store.rename import knows_feed, rename_history
from monitor.urls import canonical_url


@dataclass(frozen=True, slots=True)
class Edited:
    """A changed list: where it is, and how many feeds a new one was started with (None: it was there before)."""

    path: Path
    started_with: int | None


@dataclass(frozen=True, slots=True)
class Renamed:
    """A renamed feed: its articles in the warehouse, None when there is no warehouse or it never knew the feed."""

    edited: Edited
    articles: int | None
    published: Path | None


def list_file(settings: Settings) -> Path | None:
    """The feeds.toml that may be edited; None when the list is a URL or of another form."""
    name = settings.feeds
    if name is None:
        return OWN_FILE
    return None if name.startswith(("http://", "https://")) or Path(name).suffix != ".toml" else Path(name)


def editable(settings: Settings) -> Path:
    """The same. Raises UsageError when the list cannot be edited."""
    path = list_file(settings)
    if path is None:
        raise UsageError(
            f"the list of feeds is {settings.feeds}, which is not edited here: "
            f"`monitor feeds import {quote(settings.feeds or '')}` makes a feeds.toml of it"
        )
    return path


def own_list(path: Path) -> tuple[str, int | None]:
    """Text of the operator's list; without one, the built-in list to start it with, and how many feeds that has."""
    if path.exists():
        try:
            return path.read_bytes().decode("utf-8-sig"), None  # with its line ends as they are
        except (OSError, UnicodeDecodeError) as error:
            raise FeedsFileError(f"{path}: cannot be read as a feeds file: {error}") from None
    if path != OWN_FILE:
        raise FeedsFileError(f"{path} does not exist")
    text = files("monitor").joinpath("data/feeds.toml").read_text("utf-8")
    return text, len(read_feeds(text, "feeds.toml"))


def save(path: Path, text: str) -> None:
    """Write the list in one step, so that no reader finds half of it."""
    target = path.resolve()
    fresh = target.with_name(f".{target.name}.new")
    try:
        fresh.write_bytes(text.encode())
        if target.exists():
            fresh.chmod(target.stat().st_mode)
        os.replace(fresh, target)  # noqa: PTH105  # one step, also over an older file
    except OSError as error:
        if fresh.is_file():
            fresh.unlink()
        raise FeedsFileError(f"{path} cannot be written: {error.strerror}") from None


def declared_ids(text: str, path: Path, source: str) -> list[str]:
    """Ids of the active feeds of a source."""
    return [f.feed_id for f in read_feeds(text, str(path)) if f.publisher == source and f.active]


def declared_as(settings: Settings, url: str) -> Feed | None:
    """The feed of the operator's list that has this address, in whatever spelling."""
    path = editable(settings)
    text, _ = own_list(path)
    wanted = canonical_url(url)
    known = read_feeds(text, str(path)) if text.strip() else []
    return next((f for f in known if canonical_url(f.url) == wanted), None)


def add_feed(settings: Settings, feed: Feed, *, only: bool = False) -> Edited:
    """Append a feed; `only` starts a new list with it alone. Raises FeedsFileError."""
    path = editable(settings)
    if only and path.exists():
        raise UsageError(f"{path} exists: --only is for starting a list")
    text, started = ("", 0) if only else own_list(path)
    save(path, append_feed(text, feed))
    return Edited(path, started)


def switch_feed(settings: Settings, feed_id: str, *, active: bool) -> tuple[Edited, bool]:
    """Retire a feed or take it up again; also whether that changed anything. Raises FeedsFileError."""
    path = editable(settings)
    text, started = own_list(path)
    changed = set_active(text, feed_id, active)
    feed = next(f for f in read_feeds(text, str(path)) if f.feed_id == feed_id)
    if feed.active == active:
        return Edited(path, None), False
    save(path, changed)
    return Edited(path, started), True


def rename(settings: Settings, old: str, new: str, clock: Clock) -> Renamed:
    """Give a feed another id in the list and in the warehouse, both or neither.

    When the list was edited by hand before (it has the new id and not the old), the warehouse alone follows.
    Raises FeedsFileError, UsageError, LockedError, SchemaVersionError, CheckFailedError.
    """
    path = editable(settings)
    text, started = own_list(path)
    ids = {f.feed_id for f in read_feeds(text, str(path))}
    by_hand = new in ids and old not in ids
    changed = text if by_hand else set_value(text, old, "id", new)
    edited = Edited(path, None if by_hand else started)
    write: Callable[[], None] = (lambda: None) if by_hand else (lambda: save(path, changed))
    if not (settings.place.is_lake or (settings.data / "warehouse.duckdb").exists()):
        if by_hand:
            raise UsageError(
                f"{path} has {new} and no {old}, and {settings.data} holds no warehouse: nothing to rename"
            )
        write()
        return Renamed(edited, None, None)
    with Warehouse.open(settings.place, clock) as warehouse:
        if not knows_feed(warehouse, old):
            if by_hand:
                raise UsageError(f"neither {path} nor the warehouse has a feed {old}")
            write()
            return Renamed(edited, None, None)
        articles = rename_history(warehouse, old, new, write)
        published = build_and_publish(warehouse, clock())
    return Renamed(edited, articles, published)
