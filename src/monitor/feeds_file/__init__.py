"""Feeds files: TOML, OPML and CSV read into feeds, feeds written as TOML and OPML, and edits of a feeds.toml."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from monitor.errors import FeedsFileError
from monitor.feeds_file import csv_form, opml_form, toml_form
from monitor.feeds_file.edit import append_feed, rename_feed, set_active, set_value
from monitor.feeds_file.row import to_feeds
from monitor.records import Feed

__all__ = [
    "append_feed",
    "read_feeds",
    "read_text",
    "rename_feed",
    "set_active",
    "set_value",
    "write_opml",
    "write_toml",
]


def read_text(path: Path) -> str:
    """What a feeds file says. Raises FeedsFileError."""
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FeedsFileError(f"{path}: cannot be read as a feeds file: {error}") from None


def read_feeds(text: str, name: str) -> list[Feed]:
    """The feeds of a TOML, OPML or CSV text, told apart by content; `name` is what messages call the file.

    Raises:
        FeedsFileError: it does not parse, has an unknown key, a bad value, a duplicate, or no feeds.
    """
    text = text.removeprefix("\ufeff")
    if text.lstrip().startswith("<"):
        rows = opml_form.read(text.lstrip() if text.lstrip().startswith("<?xml") else text, name)
    elif csv_form.looks_like(text):
        rows = csv_form.read(text, name)
    else:
        rows = toml_form.read(text, name)
    return to_feeds(rows, name)


def write_toml(feeds: Iterable[Feed]) -> str:
    """The feeds as a feeds.toml."""
    return toml_form.write(feeds)


def write_opml(feeds: Iterable[Feed]) -> str:
    """The feeds as OPML 2.0."""
    return opml_form.write(feeds)
