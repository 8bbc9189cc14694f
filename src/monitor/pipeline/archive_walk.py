"""The walk back from a feed's current document: RFC 5005 links, else ?paged=, and what sitemaps list beside."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median_high
from urllib.parse import urlsplit

from monitor.discover import (
    Listed,
    archive_url,
    paged_url,
    parse_sitemap,
    published_since,
    sitemap_entries,
    sitemap_urls,
)
from monitor.pipeline.batches import parse_batch
from monitor.pipeline.context import Run
from monitor.pipeline.jobs import FeedDone, FeedJob
from monitor.poll import reach
from monitor.records import Entry, Feed, FeedState, ParsedFeed, Response
from monitor.web import Kind, Web
from monitor.work import Lost, split_lost

MOST_DOCUMENTS = 200
MOST_SITEMAPS = 50


@dataclass(slots=True)
class Walk:
    """What was seen: `current` the feed's own document, `older` what lies behind it, in the order it was met.

    `last` are the entries of the document that was walked last. `in_archive` are the ids that the archive showed: a
    sitemap proves nothing. `reached` is how far back the walk came without a gap; `ended` says why it ended.
    """

    began_at: datetime
    current: tuple[Entry, ...] = ()
    older: list[Entry] = field(default_factory=list)
    last: Sequence[Entry] = ()
    in_archive: set[str] = field(default_factory=set)
    reached: datetime | None = None
    documents: int = 0
    ended: str = ""
    has_current: bool = False
    is_whole: bool = False
    is_reached: bool = False

    def fresh(self, entries: Iterable[Entry]) -> list[Entry]:
        """Those of some entries that were not met before."""
        met = {e.entry_id for e in (*self.current, *self.older)}
        return [e for e in entries if e.entry_id not in met]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the walk is for: whose feed, since when, and how many entries that are not known."""

    run: Run
    web: Web
    feed: Feed
    since: datetime
    limit: int
    known: frozenset[str]

    async def get(self, url: str, kind: Kind) -> Response:
        """One attempt, entered for the feed."""
        self.run.expect(url, self.feed.feed_id)
        return await self.web.get(url, kind=kind)

    async def document(self, url: str, kind: Kind) -> tuple[Response, ParsedFeed | None]:
        """A feed document, parsed by a worker; None when none came."""
        response = await self.get(url, kind)
        if response.outcome != "ok":
            return response, None
        job = FeedJob(self.feed, FeedState(self.feed.feed_id), response, None, False, self.run.clock())
        for result in split_lost(self.run.map_, parse_batch, [[job]]):
            done: list[FeedDone] = [] if isinstance(result, Lost) else result
            return response, done[0].parsed if done else None
        return response, None

    def is_enough(self, walk: Walk) -> bool:
        """Whether the limit is reached."""
        return len({e.entry_id for e in walk.older if _is_asked(e, self.since)} - self.known) >= self.limit


async def walk_archive(
    run: Run, feed: Feed, state: FeedState, since: datetime, limit: int, known: frozenset[str]
) -> Walk:
    """Walk back until `since`, the end of the archive or the limit; sitemaps fill in what the archive has not."""
    async with run.web() as web:
        asked = _Asked(run, web, feed, since, limit, known)
        walk = Walk(run.clock())
        url = state.adopted_url or feed.url
        response, parsed = await asked.document(url, "feed")
        walk.is_reached = response.status is not None
        if parsed is None or parsed.status.startswith("error:"):
            walk.ended = (parsed.note if parsed else response.error) or response.outcome
        else:
            _start(walk, parsed)
            await _back(asked, walk, parsed, response.final_url or url)
            walk.reached = _proven(walk, since)
        if walk.is_reached and not _has_arrived(walk, since) and not asked.is_enough(walk):
            await _sitemaps(asked, walk, url)
    return walk


def _start(walk: Walk, parsed: ParsedFeed) -> None:
    walk.current, walk.last, walk.has_current, walk.documents = parsed.entries, parsed.entries, True, 1
    walk.in_archive.update(e.entry_id for e in parsed.entries)
    walk.reached = reach(_dates(parsed.entries))


async def _back(asked: _Asked, walk: Walk, parsed: ParsedFeed, url: str) -> None:
    """From document to document, each older than the one before."""
    seen = {url}
    link, page = archive_url(parsed, url), 2
    is_paged = link is None
    while not _has_arrived(walk, asked.since):
        target = paged_url(url, page) if is_paged else link
        if target is None or target in seen:
            walk.ended, walk.is_whole = "the archive has nothing older", True
            return
        if walk.documents >= MOST_DOCUMENTS:
            walk.ended = f"stopped after {walk.documents} documents"
            return
        seen.add(target)
        response, older = await asked.document(target, "archive")
        if not _take(walk, response, older, is_paged=is_paged, is_second=page == 2):
            return
        asked.run.progress("archive documents", walk.documents, MOST_DOCUMENTS)
        if asked.is_enough(walk):
            walk.ended = "the limit is reached"
            return
        link, page = archive_url(older, response.final_url or target) if older else None, page + 1
    walk.ended = f"the archive was walked back to {asked.since:%Y-%m-%d}"


def _take(walk: Walk, response: Response, older: ParsedFeed | None, *, is_paged: bool, is_second: bool) -> bool:
    """Add a document to the walk; False when it ends here, with the reason."""
    fresh = walk.fresh(older.entries) if older else []
    if fresh and older is not None:
        walk.documents += 1
        walk.older += fresh
        walk.last = fresh
        walk.in_archive.update(e.entry_id for e in fresh)
        return True
    if is_paged and is_second:
        walk.ended = "the feed has no archive (neither RFC 5005 nor ?paged=)"
    elif is_paged and (response.status in (404, 410) or (older is not None and not older.entries)):
        walk.ended, walk.is_whole = "the archive has nothing older", True
    else:
        walk.ended = f"the archive broke off: {response.error or (older.note if older else None) or response.outcome}"
    return False


def _has_arrived(walk: Walk, since: datetime) -> bool:
    """Whether most of the last document is older than asked: one pinned or misdated entry does not end a walk."""
    return bool(last := _dates(walk.last)) and median_high(last) < since


def _proven(walk: Walk, since: datetime) -> datetime | None:
    """How far back nothing can have been missed; what is older than asked is not stored and so not covered.

    A whole archive proves all of its time; one that was left proves what is newer than most of its last document.
    """
    if walk.documents == 1 or walk.reached is None:
        return walk.reached
    proven = since
    if walk.is_whole:
        proven = min(_dates([*walk.current, *walk.older]))
    elif not _has_arrived(walk, since):
        proven = median_high(_dates(walk.last) or [walk.reached])
    return min(walk.reached, max(proven, since))


def _dates(entries: Sequence[Entry]) -> list[datetime]:
    return [e.published_at for e in entries if e.published_at]


def _is_asked(entry: Entry, since: datetime) -> bool:
    return entry.published_at is None or entry.published_at >= since


async def _sitemaps(asked: _Asked, walk: Walk, url: str) -> None:
    """Add pages that the site's sitemaps list and that look like this feed's articles."""
    named = (await asked.web.robots(url)).sitemaps()
    todo = sitemap_urls(url, named) if not named else list(dict.fromkeys(named))
    shapes = {shape(e.url) for e in (*walk.current, *walk.older) if e.url}
    seen: set[str] = set()
    while todo and len(seen) < MOST_SITEMAPS and not asked.is_enough(walk):
        target = todo.pop(0)
        if target in seen:
            continue
        seen.add(target)
        response = await asked.get(target, "archive")
        asked.run.progress("sitemaps", len(seen), len(seen) + len(todo))
        if response.outcome != "ok":
            continue
        now = asked.run.clock()
        sitemap = parse_sitemap(response.body, response.final_url or target)
        if not named and (sitemap.pages or sitemap.children):
            todo, named = [], [target]  # one of the usual places is enough
        todo += [c.url for c in sitemap.children if published_since(c, asked.since, now) is not False]
        pages = [p for p in sitemap.pages if _is_article(p, asked.since, now, shapes)]
        entries = sitemap_entries(pages, feed_id=asked.feed.feed_id, base=target, now=now)
        walk.older += walk.fresh(entries)


def _is_article(page: Listed, since: datetime, now: datetime, shapes: Collection[str]) -> bool:
    """Whether a listed page was published since the time; one without a date must look like the feed's own links."""
    verdict = published_since(page, since, now)
    return bool(verdict) or (verdict is None and shape(page.url) in shapes)


def shape(url: str) -> str:
    """The form of an address, with numbers and long words of its path made alike: a site's articles share it."""
    path = urlsplit(url).path.strip("/")
    return "/".join("#" if s.isdigit() else "*" if re.search(r"[-_.]|.{20}", s) else s for s in path.split("/"))
