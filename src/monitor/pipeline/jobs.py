"""The jobs of one batch and what comes of them: records, from process to process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor import __version__
from monitor.article.version import EXTRACTOR_VERSION
from monitor.batch import PendingEntry
from monitor.records import Article, Entry, Feed, FeedState, Mention, Page, ParsedFeed, Response


@dataclass(frozen=True, slots=True)
class FeedJob:
    """A polled feed whose body may need parsing; `unchanged` says it holds what was parsed before."""

    feed: Feed
    state: FeedState
    response: Response
    body_hash: str | None
    unchanged: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class FeedDone:
    """A feed job with what its document says, None when there was nothing to parse."""

    job: FeedJob
    parsed: ParsedFeed | None


@dataclass(frozen=True, slots=True)
class PageJob:
    """A pending entry with its page; `failure` says why there is none."""

    pending: PendingEntry
    page: Page | None
    failure: str | None
    fetched_at: datetime
    known_lines: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class PageDone:
    """The article of a page job with its mentions, near-duplicate bands and line hashes."""

    job: PageJob
    article: Article
    mentions: tuple[Mention, ...]
    bands: list[tuple[int, int]]
    lines: list[int]


def program(tagger_version: str) -> str:
    """What a worker must have in common with the run: version, extraction and rules with gazetteer."""
    return f"{__version__}/{EXTRACTOR_VERSION}/{tagger_version}"


def entry_key(entry: Entry) -> tuple[str, str]:
    """What identifies an entry: its feed and its id within it."""
    return entry.feed_id, entry.entry_id
