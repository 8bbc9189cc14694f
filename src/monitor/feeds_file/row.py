"""One feed as a file wrote it, and its check: raw values with their lines -> Feed, or an error naming the line."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from monitor.errors import FeedsFileError
from monitor.lines import nearest, unfit
from monitor.records import SOURCE_TYPES, Feed

KEYS = (
    "id",
    "name",
    "url",
    "source",
    "source_type",
    "region",
    "language",
    "collections",
    "active",
    "full_text",
    "timezone",
)
REQUIRED = ("id", "name", "url")
_ID = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")


@dataclass(frozen=True, slots=True)
class Row:
    """The values of one feed by key, the line it starts on, and the lines of keys that have their own."""

    line: int
    values: Mapping[str, object]
    key_lines: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, key: str) -> int:
        """The line of a key, else of the feed."""
        return self.key_lines.get(key, self.line)


def fail(name: str, line: int, message: str) -> FeedsFileError:
    """An error that names file and line."""
    return FeedsFileError(f"{name}:{line}: {message}")


def host_of(url: str) -> str:
    """The host of a URL without www, in lower case; nothing when it has none."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
    return host.removeprefix("www.")


def to_feeds(rows: Iterable[Row], name: str) -> list[Feed]:
    """Check all rows of a file; bad values and duplicate ids or URLs raise FeedsFileError."""
    feeds: list[Feed] = []
    ids: dict[str, int] = {}
    urls: dict[str, int] = {}
    for row in rows:
        feed = to_feed(row, name)
        _once(ids, feed.feed_id, row, "id", name)
        _once(urls, feed.url, row, "url", name)
        feeds.append(feed)
    if not feeds:
        raise fail(name, 1, "holds no feeds; add one with [[feed]] id, name and url")
    return feeds


def to_feed(row: Row, name: str) -> Feed:
    """Check one row."""
    _known_and_complete(row, name)
    values: dict[str, object] = {}
    for key, value in row.values.items():
        problem = _CHECKS[key](value)
        if problem:
            raise fail(name, row.line_of(key), f"{key}: {problem}")
        values[key] = tuple(value) if isinstance(value, list) else value
    values.setdefault("source", host_of(str(values["url"])))
    renamed = {{"id": "feed_id", "source": "publisher"}.get(key, key): value for key, value in values.items()}
    return Feed(**renamed)  # type: ignore[arg-type]  # each value was checked for its key above


def _known_and_complete(row: Row, name: str) -> None:
    for key in row.values:
        if key not in KEYS:
            raise fail(name, row.line_of(key), f'unknown key "{key}"{nearest(key, KEYS)}')
    for key in REQUIRED:
        if key not in row.values:
            raise fail(name, row.line, f"this feed has no {key}")


def _once(seen: dict[str, int], value: str, row: Row, key: str, name: str) -> None:
    line = row.line_of(key)
    if value in seen:
        raise fail(name, line, f'{key} "{value}" is already on line {seen[value]}')
    seen[value] = line


def _text(value: object) -> str | None:
    if not isinstance(value, str):
        return f"must be text in quotes, not {value!r}"
    if which := unfit(value):
        return f"must be one line of text, without {which}"
    is_seen = any(c.isprintable() and not c.isspace() for c in value)
    return None if is_seen else "must be one line of text, and not empty"


def _plain(value: object) -> str | None:
    return None if value == "" else _text(value)


def _flag(value: object) -> str | None:
    return None if isinstance(value, bool) else f"must be true or false, not {value!r}"


def _id(value: object) -> str | None:
    if isinstance(value, str) and _ID.match(value):
        return None
    return f"must be lower-case letters, digits and hyphens, not {value!r}"


def _url(value: object) -> str | None:
    if not isinstance(value, str) or not value.isprintable() or " " in value:
        return f"must be an http or https address, not {value!r}"
    if value.split(":", 1)[0].lower() in {"http", "https"} and host_of(value):
        return None if _has_port(value) else f"must have a port from 1 to 65535, or none, not {value!r}"
    return f"must be an http or https address, not {value!r}"


def _has_port(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _source_type(value: object) -> str | None:
    if value in SOURCE_TYPES:
        return None
    return f"must be one of {', '.join(SOURCE_TYPES)}, not {value!r}{nearest(str(value), SOURCE_TYPES)}"


def _language(value: object) -> str | None:
    if isinstance(value, str) and (value == "" or _LANGUAGE.match(value)):
        return None
    return f'must be a language code such as "en" or "pt-BR", not {value!r}'


def is_language(value: str) -> bool:
    """Whether a word has the form of a language code."""
    return _LANGUAGE.match(value) is not None


def _collections(value: object) -> str | None:
    if not isinstance(value, list):
        return f'must be a list such as ["asean"], not {value!r}'
    bad = [item for item in value if _id(item)]
    return f"each {_id(bad[0])}" if bad else None


def _timezone(value: object) -> str | None:
    try:
        zoneinfo.ZoneInfo(str(value))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return f'must be a time zone such as "Asia/Manila", not {value!r}'
    return None


_CHECKS: Mapping[str, Callable[[object], str | None]] = {
    "id": _id,
    "name": _text,
    "url": _url,
    "source": _text,
    "source_type": _source_type,
    "region": _plain,
    "language": _language,
    "collections": _collections,
    "active": _flag,
    "full_text": _flag,
    "timezone": _timezone,
}
