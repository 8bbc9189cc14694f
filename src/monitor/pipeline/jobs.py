"""The CPU work of one batch: plain functions that run in a worker, from records to records."""

from __future__ import annotations

import gc
import platform
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from monitor import __version__, story
from monitor import article as extraction
from monitor import feed as parsing
from monitor.batch import PendingEntry
from monitor.errors import ConfigError
from monitor.gazetteer import load
from monitor.mention import Tagger, tagger_version
from monitor.pipeline.dating import publication
from monitor.records import Article, Entry, Extracted, Feed, FeedState, Mention, Page, ParsedFeed, Response
from monitor.urls import article_id, canonical_url


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
    return [FeedDone(_light(job), None if job.unchanged else _parse(job)) for job in jobs]


def _light(job: FeedJob) -> FeedJob:
    return replace(job, response=replace(job.response, body=b""))


def _parse(job: FeedJob) -> ParsedFeed:
    response = job.response
    return parsing.parse_feed(
        response.body,
        response.final_url or response.url,
        response.headers,
        feed_id=job.feed.feed_id,
        now=job.now,
        zone=job.feed.timezone,
    )


@dataclass(frozen=True, slots=True)
class ArticleWork:
    """Extract, date, tag and sign the pages of a batch; picklable, so that a worker can be given it."""

    gazetteer: Path | None
    week_zone: str
    program: str

    def __call__(self, jobs: Sequence[PageJob]) -> list[PageDone]:
        """One article for each job, without its page: sending that back would cost more than storing the article."""
        tagger = same_tagger(self.gazetteer, self.program)
        done = (finish(job, _extracted(job), tagger, self.week_zone) for job in jobs)
        return [replace(d, job=replace(d.job, page=None, known_lines=frozenset())) for d in done]


@lru_cache(maxsize=2)
def shared_tagger(extra: Path | None) -> Tagger:
    """The tagger of this process; building one takes half a second."""
    tagger = Tagger(load(extra))
    # its many objects stay: looking through them for garbage would cost a seventh of the tagging
    gc.collect()
    gc.freeze()
    return tagger


def program(gazetteer: Path | None) -> str:
    """What a worker must have in common with the run: version, extraction and rules with gazetteer."""
    return _program(tagger_version(load(gazetteer)))


def _program(tagging: str) -> str:
    return f"{__version__}/{extraction.EXTRACTOR_VERSION}/{tagging}"


def same_tagger(gazetteer: Path | None, wanted: str) -> Tagger:
    """This process's tagger. Raises ConfigError on a worker whose program or gazetteer is not the run's own."""
    tagger = shared_tagger(gazetteer)
    if (here := _program(tagger.version)) != wanted:
        raise ConfigError(
            f"worker on {platform.node()} is {here}, the run {wanted}: give both the same program and gazetteer"
        )
    return tagger


def _extracted(job: PageJob) -> Extracted:
    if job.page is None:
        return Extracted("metadata", job.failure, "")
    entry = job.pending.entry
    needs_metadata = not (entry.title and entry.author and entry.published_at)
    return extraction.extract(job.page, with_metadata=needs_metadata, known_lines=job.known_lines, author=entry.author)


def finish(job: PageJob, extracted: Extracted, tagger: Tagger, week_zone: str) -> PageDone:
    """The article of what was extracted. One that is not full has the feed's summary for its text."""
    entry = job.pending.entry
    full = extracted.status == "full"
    summary = "" if full else extraction.extract_html_summary(entry.summary or entry.content or "")
    text = extracted.text if full else summary or extracted.text
    title = entry.title or extracted.title or ""
    published = publication(job.pending, extracted.published_raw, now=job.fetched_at, week_zone=week_zone)
    final = job.page.final_url if job.page else entry.url or ""
    canonical = extracted.canonical_url or canonical_url(final) or entry.canonical_url or final
    # A short or fallback extraction is kept to be read but not tagged: it may be navigation.
    tagged = full or bool(summary) or not text
    spare = extracted.boilerplate if full else ()
    language = extracted.language or job.pending.language or None
    mentions = tagger.tag(text, title, boilerplate=spare, language=language) if tagged else []
    article = Article(
        article_id=article_id(canonical),
        feed_id=entry.feed_id,
        url=final,
        canonical_url=canonical,
        title=title,
        author=entry.author or extracted.author,
        published_at=published.at,
        published_from=published.source,
        fetched_at=job.fetched_at,
        first_seen_at=job.pending.first_seen_at,
        week=published.week,
        language=language,
        word_count=extracted.word_count if full or not summary else len(summary.split()),
        status=extracted.status,
        reason=extracted.reason,
        text=text,
        tagger_version=tagger.version if tagged else None,
        extractor_version=extraction.EXTRACTOR_VERSION,
        is_backfilled=job.pending.is_backfilled,
    )
    return PageDone(
        job,
        article,
        tuple(mentions),
        story.signature_bands(text) if full else [],
        extraction.line_hashes(text) if full else [],
    )


def give_up(job: PageJob, reason: str, gazetteer: Path | None, week_zone: str) -> PageDone:
    """The metadata article of a page that killed its worker."""
    lost = replace(job, page=None, failure=reason)
    return finish(lost, Extracted("metadata", reason, ""), shared_tagger(gazetteer), week_zone)


def entry_key(entry: Entry) -> tuple[str, str]:
    """What identifies an entry: its feed and its id within it."""
    return entry.feed_id, entry.entry_id
