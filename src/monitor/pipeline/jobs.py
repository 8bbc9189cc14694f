"""The jobs of one batch and what comes of them: records and the functions that a worker is given, light to import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

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


def parse_batch(jobs: Sequence[FeedJob]) -> list[FeedDone]:
    """Parse what has changed; the bodies stay in the worker."""
    from monitor.pipeline.worker import parse

    return [FeedDone(_light(job), None if job.unchanged else parse(job)) for job in jobs]


def _light(job: FeedJob) -> FeedJob:
    return replace(job, response=replace(job.response, body=b""))


@dataclass(frozen=True, slots=True)
class ArticleWork:
    """Extract, date, tag and sign the pages of a batch; picklable, so that a worker can be given it."""

    gazetteer: Path | None
    week_zone: str
    program: str

    def __call__(self, jobs: Sequence[PageJob]) -> list[PageDone]:
        """One article for each job, without its page: sending that back would cost more than storing the article."""
        from monitor.pipeline.worker import extracted, finish, same_tagger

        tagger = same_tagger(self.gazetteer, self.program)
        done = (finish(job, extracted(job), tagger, self.week_zone) for job in jobs)
        return [replace(d, job=replace(d.job, page=None, known_lines=frozenset())) for d in done]


def program(tagger_version: str) -> str:
    """What a worker must have in common with the run: version, extraction and rules with gazetteer."""
    return f"{__version__}/{EXTRACTOR_VERSION}/{tagger_version}"


def entry_key(entry: Entry) -> tuple[str, str]:
    """What identifies an entry: its feed and its id within it."""
    return entry.feed_id, entry.entry_id
