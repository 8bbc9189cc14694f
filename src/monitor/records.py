"""The plain records that steps take and return. Instants are aware UTC datetimes; offsets are code points."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

# what sources and names are told apart by, and what each may be: SQL's own lists are those of `is_filter`
SOURCE_TYPES = ("commentary", "think-tank", "news", "government")
SALIENCES = ("title", "lead", "repeated")
FORMS = ("name", "demonym", "abbreviation", "historical", "metonym")
PARTS = ("source_type", "region", "collection", "salience", "form")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an archive is: a data folder, whose files hold it unless `warehouse` names a DuckLake's catalogue.

    `files` is the folder or the s3:// prefix of the lake's data, `s3_endpoint` the URL of a store that is not Amazon's.
    """

    data: Path
    warehouse: str = ""
    files: str = ""
    s3_endpoint: str = ""

    @property
    def is_lake(self) -> bool:
        """Whether the archive is a DuckLake."""
        return bool(self.warehouse)


def place_of(data: Path | Place) -> Place:
    """The place that a data folder alone stands for, or the place itself."""
    return data if isinstance(data, Place) else Place(data)


@dataclass(frozen=True, slots=True)
class Feed:
    """A declared source URL. `publisher` is the outlet (family) that several feeds may share."""

    feed_id: str
    name: str
    url: str
    publisher: str
    source_type: str = "news"
    region: str = ""
    language: str = ""
    collections: tuple[str, ...] = ()
    active: bool = True
    full_text: bool | None = None
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is remembered of a feed between polls; `poll.decide` turns one into the next.

    `status` is new, ok, warn, moved, gone or error:<kind>. `interval` is in seconds.
    """

    feed_id: str
    status: str = "new"
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    interval: int = 3600
    next_fetch_at: datetime | None = None
    retry_after_at: datetime | None = None
    consecutive_failures: int = 0
    last_poll_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_new_at: datetime | None = None
    moved_to: str | None = None
    moved_first_at: datetime | None = None
    moved_seen: int = 0
    adopted_url: str | None = None
    note: str | None = None
    oldest_entry_at: datetime | None = None
    window_entries: int = 0


@dataclass(frozen=True, slots=True)
class Response:
    """What came of one GET, a failure included: it is never raised.

    `outcome`: ok, not_modified, http (see `status`), timeout, connection, dns, tls, blocked, redirect_loop,
    redirect_limit, too_large, robots, retry_later or bad_url. `moved_to` is the target of a chain of permanent
    redirects only. `retry_after` is in seconds.
    """

    url: str
    outcome: str
    started_at: datetime
    seconds: float
    status: int | None = None
    final_url: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    wire_bytes: int = 0
    moved_to: str | None = None
    retry_after: float | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Fetch:
    """One attempt to get a feed, page or robots.txt: one row of the fetches table."""

    run_id: str
    kind: str
    url: str
    started_at: datetime
    seconds: float
    outcome: str
    feed_id: str | None = None
    http_status: int | None = None
    bytes: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One item seen in a feed, identified within it. `url` is absolute http(s) or None (then `refused` says why).

    `entry_id` is the hex digest of the canonical URL, else of the folded title: never the GUID, which lies.
    `published_at` with `date_only` says the raw date had no time of day. `content` is HTML the feed gave as the
    full text, if it did.
    """

    feed_id: str
    entry_id: str
    url: str | None
    canonical_url: str | None
    article_id: int | None
    title: str
    author: str | None = None
    summary: str | None = None
    content: str | None = None
    published_raw: str | None = None
    published_at: datetime | None = None
    date_only: bool = False
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What one feed document says. `status` is ok, warn or error:<kind>; `note` a plain sentence on it."""

    status: str
    entries: tuple[Entry, ...] = ()
    title: str | None = None
    language: str | None = None
    note: str | None = None
    ttl: int | None = None
    next_archive: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The span of publication time that a successful poll could see: coverage is built on it."""

    feed_id: str
    run_id: str
    polled_at: datetime
    oldest_entry_at: datetime | None
    entries: int
    new_entries: int
    is_first: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Bytes to extract from: an article page, or the feed's own full text (`from_feed`)."""

    url: str
    final_url: str
    body: bytes
    content_type: str = ""
    from_feed: bool = False


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a page gave. `status` is full, partial or metadata; `reason` says why it is not full.

    `boilerplate` are code-point spans of `text` that are author lines, bios or subscription boxes.
    """

    status: str
    reason: str | None
    text: str
    title: str | None = None
    author: str | None = None
    published_raw: str | None = None
    canonical_url: str | None = None
    language: str | None = None
    word_count: int = 0
    boilerplate: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One stored article: a row of base.articles and its text. `week` is the Monday of `published_at`."""

    article_id: int
    feed_id: str
    url: str
    canonical_url: str
    title: str
    author: str | None
    published_at: datetime | None
    published_from: str
    fetched_at: datetime
    first_seen_at: datetime
    week: date | None
    language: str | None
    word_count: int
    status: str
    reason: str | None
    text: str
    story_id: int | None = None
    tagger_version: str | None = None
    extractor_version: str | None = None
    is_backfilled: bool = False


@dataclass(frozen=True, slots=True)
class Entity:
    """A country, historical state, organisation, region or treaty. `listed` is False for what only shape found."""

    entity_id: str
    kind: str
    name: str
    iso2: str | None = None
    iso3: str | None = None
    region: str | None = None
    acronym: str | None = None
    listed: bool = True
    successor_id: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    subkind: str | None = None
    home: str | None = None


@dataclass(frozen=True, slots=True)
class Alias:
    """One way to write an entity. `case` is any, exact or title; `form` is name, demonym, abbreviation, ..."""

    entity_id: str
    alias: str
    language: str = "en"
    form: str = "name"
    case: str = "exact"
    rule: str | None = None


class Mention(NamedTuple):
    """One span of an article's title or text that names an entity: text[char_start:char_end] == surface.

    `kind`: country, historical, organisation, region or treaty. `form`: name, demonym, abbreviation, historical,
    metonym. `zone`: title, lead, body or boilerplate. `alias` and `rule` say which alias matched and why it stands.
    `name` and `listed` carry what the gazetteer does not have (`x-<slug>`). A tuple, as there are so many of them.
    """

    entity_id: str
    kind: str
    form: str
    surface: str
    field: str
    zone: str
    counted: bool
    char_start: int
    char_end: int
    alias: str
    rule: str | None = None
    name: str | None = None
    listed: bool = True
