"""What a worker does with a job: parse, extract, date, tag and sign. Heavy to import: a run's own process does not."""

from __future__ import annotations

import gc
import platform
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from monitor.article.extract import extract
from monitor.article.plain import count_words, extract_html_summary, line_hashes
from monitor.article.version import EXTRACTOR_VERSION
from monitor.errors import ConfigError
from monitor.feed import parse_feed
from monitor.gazetteer import load
from monitor.mention import Tagger
from monitor.pipeline.dating import publication
from monitor.pipeline.jobs import FeedJob, PageDone, PageJob, program
from monitor.records import Article, Entry, Extracted, ParsedFeed
from monitor.story import signature_bands
from monitor.urls import article_id, canonical_url


def parse(job: FeedJob) -> ParsedFeed:
    """What the document of a polled feed says."""
    response = job.response
    return parse_feed(
        response.body,
        response.final_url or response.url,
        response.headers,
        feed_id=job.feed.feed_id,
        now=job.now,
        zone=job.feed.timezone,
    )


@lru_cache(maxsize=2)
def shared_tagger(extra: Path | None) -> Tagger:
    """The tagger of this process; building one takes half a second."""
    tagger = Tagger(load(extra))
    # its many objects stay: looking through them for garbage would cost a seventh of the tagging
    gc.collect()
    gc.freeze()
    return tagger


def same_tagger(gazetteer: Path | None, wanted: str) -> Tagger:
    """This process's tagger. Raises ConfigError on a worker whose program or gazetteer is not the run's own."""
    tagger = shared_tagger(gazetteer)
    if (here := program(tagger.version)) != wanted:
        raise ConfigError(
            f"worker on {platform.node()} is {here}, the run {wanted}: give both the same program and gazetteer"
        )
    return tagger


def extracted(job: PageJob) -> Extracted:
    """What the page of a job holds; a reason where there is none."""
    if job.page is None:
        return Extracted("metadata", job.failure, "")
    entry = job.pending.entry
    needs_metadata = not (entry.title and entry.author and entry.published_at)
    return extract(job.page, with_metadata=needs_metadata, known_lines=job.known_lines, author=entry.author)


def finish(job: PageJob, found: Extracted, tagger: Tagger, week_zone: str) -> PageDone:
    """The article of what was found. One that is not full has the feed's summary for its text."""
    entry = job.pending.entry
    full = found.status == "full"
    text, words, tagged = _text(entry, found)
    url, canonical = _addresses(job, found)
    title = entry.title or found.title or ""
    published = publication(job.pending, found.published_raw, now=job.fetched_at, week_zone=week_zone)
    language = found.language or job.pending.language or None
    spare = found.boilerplate if full else ()
    mentions = tagger.tag(text, title, boilerplate=spare, language=language) if tagged else []
    article = Article(
        article_id=article_id(canonical),
        feed_id=entry.feed_id,
        url=url,
        canonical_url=canonical,
        title=title,
        author=entry.author or found.author,
        published_at=published.at,
        published_from=published.source,
        fetched_at=job.fetched_at,
        first_seen_at=job.pending.first_seen_at,
        week=published.week,
        language=language,
        word_count=words,
        status=found.status,
        reason=found.reason,
        text=text,
        tagger_version=tagger.version if tagged else None,
        extractor_version=EXTRACTOR_VERSION,
        is_backfilled=job.pending.is_backfilled,
    )
    bands, lines = (signature_bands(text), line_hashes(text)) if full else ([], [])
    return PageDone(job, article, tuple(mentions), bands, lines)


def _text(entry: Entry, found: Extracted) -> tuple[str, int, bool]:
    """The text to keep, its length in words, and whether it is tagged."""
    if found.status == "full":
        return found.text, found.word_count, True
    summary = extract_html_summary(entry.summary or entry.content or "")
    text = summary or found.text
    # A short or fallback extraction is kept to be read but not tagged: it may be navigation.
    return text, count_words(summary) if summary else found.word_count, bool(summary) or not text


def _addresses(job: PageJob, found: Extracted) -> tuple[str, str]:
    """The address that answered, and the one that the article goes by."""
    entry = job.pending.entry
    final = job.page.final_url if job.page else entry.url or ""
    return final, found.canonical_url or canonical_url(final) or entry.canonical_url or final


def give_up(job: PageJob, reason: str, gazetteer: Path | None, week_zone: str) -> PageDone:
    """The metadata article of a page that killed its worker."""
    lost = replace(job, page=None, failure=reason)
    return finish(lost, Extracted("metadata", reason, ""), shared_tagger(gazetteer), week_zone)
