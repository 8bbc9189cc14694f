"""Edits of a feeds.toml text that leave its comments, order and spacing alone."""

from __future__ import annotations

import tomllib

from monitor.errors import FeedsFileError
from monitor.feeds_file.row import to_feeds
from monitor.feeds_file.toml_form import block, literal, read, tables
from monitor.lines import nearest
from monitor.records import Feed

_NAME = "feeds.toml"


def append_feed(text: str, feed: Feed) -> str:
    """The text with one more [[feed]] at its end; FeedsFileError when its id or URL is there already."""
    gap = "" if not text.strip() else "\n" if text.endswith("\n") else "\n\n"
    longer = text + gap + block(feed)
    to_feeds(read(longer, _NAME), _NAME)
    return longer


def set_active(text: str, feed_id: str, active: bool) -> str:
    """The text with a feed switched on or off (retired)."""
    return set_value(text, feed_id, "active", active)


def rename_feed(text: str, feed_id: str, name: str) -> str:
    """The text with another name for a feed; its id stays, and with it its history."""
    return set_value(text, feed_id, "name", name)


def set_value(text: str, feed_id: str, key: str, value: object) -> str:
    """The text with one key of one feed set; the key is added after the feed's last one when it is not there."""
    ids = [feed.get("id") for feed in tomllib.loads(text).get("feed", [])]
    places = tables(text)
    if feed_id not in ids or len(places) != len(ids):
        known = [str(known_id) for known_id in ids]
        raise FeedsFileError(f'no [[feed]] has the id "{feed_id}"{nearest(feed_id, known)}')
    place = places[ids.index(feed_id)]
    if key in place.keys:
        _, start, end = place.keys[key]
        changed = text[:start] + literal(value) + text[end:]
    else:
        end = text.find("\n", place.end)
        end = len(text) if end < 0 else end
        changed = f"{text[:end].rstrip(chr(13))}\n{key} = {literal(value)}{text[end:]}"
    to_feeds(read(changed, _NAME), _NAME)
    return changed
