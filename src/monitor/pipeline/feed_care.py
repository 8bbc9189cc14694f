"""A look at a feed without storing anything: one poll, and the feeds that a page names."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from monitor import feed as parsing
from monitor import poll
from monitor.article.feed_text import feed_text_is_full
from monitor.charset import decode
from monitor.config import Settings
from monitor.discover import feed_candidates
from monitor.errors import UnreachableError, UsageError
from monitor.feeds_file.names import short_hash, slug
from monitor.feeds_file.row import host_of, is_language
from monitor.pipeline.context import Clock, Progress, quiet
from monitor.records import Feed, FeedState, ParsedFeed, Response
from monitor.urls import absolute_url
from monitor.web import Web, WebSettings

T = TypeVar("T")
_MOST_TRIES = 12


@dataclass(frozen=True, slots=True)
class Probe:
    """One poll of a feed: `state` is what a run would keep, `robots` the verdict on its first page."""

    feed: Feed
    response: Response
    parsed: ParsedFeed | None
    state: FeedState
    full_texts: int = 0
    first_page: str | None = None
    robots: str | None = None

    @property
    def is_feed(self) -> bool:
        """Whether a feed was there."""
        return self.parsed is not None and not self.parsed.status.startswith("error:")

    @property
    def problem(self) -> str:
        """What was there instead, in words."""
        if self.parsed is not None:
            return self.parsed.note or self.parsed.status
        return self.response.error or self.response.outcome


@dataclass(frozen=True, slots=True)
class Found:
    """The feed of an address: `page` is where its name was read, `others` are further feeds that were named there."""

    probe: Probe
    page: str | None = None
    others: tuple[str, ...] = ()


def probe_feed(feed: Feed, settings: Settings, clock: Clock) -> Probe:
    """Poll a feed once, under the guard and robots rules of a run. What the web does is in the result."""
    return _with_web(settings, clock, lambda web: _probe(web, feed, clock))


def find_feed(url: str, settings: Settings, clock: Clock, progress: Progress = quiet) -> Found:
    """The feed at an address, or the first one that works of those that the page there names.

    Raises UsageError when there is none, UnreachableError when the site does not answer.
    """
    start = absolute_url(url if "://" in url else f"https://{url}")
    if start is None:
        raise UsageError(f"{url!r} is not an http or https address")
    return _with_web(settings, clock, lambda web: _find(web, start, clock, progress))


def need_feed(probe: Probe) -> None:
    """Raise what a command ends with when no feed was there."""
    response, url = probe.response, probe.feed.url
    if response.outcome == "blocked":
        raise UsageError(f"{url}: {response.error}; --allow-network names a private network that may be reached")
    if response.outcome == "ok" or response.outcome in ("bad_url", "too_large"):
        if not probe.is_feed:
            raise UsageError(f"{url} is no feed: {probe.problem}")
        return
    status = response.status or 0
    if 400 <= status < 500 and status != 429:
        raise UsageError(f"{url}: {probe.problem}")
    raise UnreachableError(f"{url} could not be reached: {probe.problem}")


def as_declared(found: Found, given: Feed) -> Feed:
    """The feed to write into the list: what was given, completed by what the feed says of itself."""
    parsed, url = found.probe.parsed, found.probe.response.moved_to or found.probe.feed.url
    host = host_of(found.page or url)
    language = (parsed.language or "") if parsed else ""
    name = given.name or (parsed.title if parsed else None) or host
    return replace(
        given,
        feed_id=given.feed_id or slug(name) or slug(host) or f"feed-{short_hash(url)}",
        name=name,
        url=url,
        publisher=given.publisher or host,
        language=given.language or (language if is_language(language) else ""),
    )


def _with_web(settings: Settings, clock: Clock, act: Callable[[Web], Awaitable[T]]) -> T:
    limits = WebSettings(
        allow_network=settings.allow_network,
        host_delay=settings.host_delay,
        timeout=settings.timeout,
        contact=settings.contact,
    )

    async def run() -> T:
        async with Web(limits, clock=clock) as web:
            return await act(web)

    return asyncio.run(run())


async def _probe(web: Web, feed: Feed, clock: Clock) -> Probe:
    response = await web.get(feed.url, kind="feed")
    now = clock()
    if response.outcome != "ok":
        state = poll.decide(FeedState(feed.feed_id), feed, response, None, new=0, entry_times=(), now=now, jitter=0.0)
        return Probe(feed, response, None, state)
    parsed = parsing.parse_feed(
        response.body,
        response.final_url or response.url,
        response.headers,
        feed_id=feed.feed_id,
        now=now,
        zone=feed.timezone,
    )
    times = [e.published_at for e in parsed.entries if e.published_at]
    state = poll.decide(
        FeedState(feed.feed_id), feed, response, parsed, new=len(parsed.entries), entry_times=times, now=now, jitter=0.0
    )
    full = sum(feed_text_is_full(e, feed) for e in parsed.entries)
    page = next((e.url for e in parsed.entries if e.url), None)
    return Probe(feed, response, parsed, state, full, page, await _verdict(web, page) if page else None)


async def _verdict(web: Web, page: str) -> str:
    robots = await web.robots(page)
    if not robots.allows(page):
        return robots.note or "robots.txt disallows it"
    delay = robots.crawl_delay()
    return "robots.txt allows it" + (f", with {delay:g} s between requests" if delay else "")


async def _find(web: Web, url: str, clock: Clock, progress: Progress) -> Found:
    blank = Feed("", "", url, "")
    first = await _probe(web, blank, clock)
    if first.is_feed:
        return Found(first)
    if first.parsed is None or first.parsed.status != "error:not_a_feed":
        need_feed(first)
    response = first.response
    page = response.final_url or url
    links = feed_candidates(response.body, page, response.headers.get("content-type", ""))
    tries = links[:_MOST_TRIES]
    for number, link in enumerate(tries):
        progress("looking for the feed", number, len(tries))
        probe = await _probe(web, replace(blank, url=link), clock)
        if probe.is_feed and probe.parsed is not None and probe.parsed.entries:
            return Found(probe, page, _others(response, link, page))
    raise UsageError(
        f"{url} is a page, and none of the {len(tries)} addresses where its feed may be holds one: "
        f"{', '.join(tries[:3])} ..."
    )


def _others(response: Response, chosen: str, page: str) -> tuple[str, ...]:
    """Further feeds that the head of the page names."""
    text = decode(response.body, response.headers.get("content-type", ""), is_html=True).text
    return tuple(link for link in parsing.feed_links(text, page) if link != chosen)[:5]
