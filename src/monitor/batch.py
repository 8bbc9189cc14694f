"""What the pipeline hands to the store and gets back: polls, pending entries, batches of articles, counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from monitor.records import Article, Entry, FeedState, Fetch, Mention, Window


@dataclass(frozen=True, slots=True)
class PollResult:
    """One feed's poll: its next state, the attempts made, the window seen and all entries that it showed."""

    state: FeedState
    fetches: tuple[Fetch, ...] = ()
    window: Window | None = None
    entries: tuple[Entry, ...] = ()
    backfilled: bool = False


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """An entry that still needs its article, with what the steps need to know of its feed."""

    entry: Entry
    publisher: str
    language: str
    zone: str | None
    first_seen_at: datetime
    is_first_poll: bool
    is_backfilled: bool
    attempts: int


@dataclass(frozen=True, slots=True)
class EntryOutcome:
    """What became of one entry: stored, duplicate, refused, failed or still pending.

    A failed entry with `next_attempt_at` is tried again; without it the failure is final.
    """

    feed_id: str
    entry_id: str
    outcome: str
    reason: str | None = None
    article_id: int | None = None
    attempts: int = 0
    next_attempt_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """One transaction's worth of work: `mentions`, `bands` and `lines` are keyed by article_id."""

    run_id: str
    fetches: tuple[Fetch, ...] = ()
    articles: tuple[Article, ...] = ()
    mentions: dict[int, tuple[Mention, ...]] = field(default_factory=dict)
    bands: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    lines: dict[int, list[int]] = field(default_factory=dict)
    outcomes: tuple[EntryOutcome, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadCounts:
    """What one load wrote: rows of articles and mentions, articles replaced, and entries by outcome."""

    articles: int = 0
    mentions: int = 0
    replaced: int = 0
    stored: int = 0
    duplicate: int = 0
    refused: int = 0
    failed: int = 0
    pending: int = 0
