"""The client: one GET in, one Response out, whatever happens."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from monitor.records import Response
from monitor.urls import absolute_url, site_of
from monitor.web.answers import describe, header_text, is_permanent, moved_location, retry_after_seconds
from monitor.web.decode import Body, BrokenEncodingError, TooLargeError
from monitor.web.guard import networks, socket_factory
from monitor.web.hosts import HeldError, Hosts
from monitor.web.robots import AGENT, CAP, Robots, read_robots

Kind = Literal["feed", "page", "robots", "archive"]
OnFetch = Callable[[str, Response], None]

_ACCEPT = {
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5",
    "robots": "text/plain, */*;q=0.5",
}
_ACCEPT_PAGE = "text/html, application/xhtml+xml, */*;q=0.5"
_DEFAULT_HOLD = 900.0  # seconds that a 429 without Retry-After holds a host


@dataclass(frozen=True, slots=True)
class WebSettings:
    """How the client behaves. Times in seconds, sizes in bytes; `timeout` is the total of one request."""

    allow_network: tuple[str, ...] = ()
    host_delay: float = 1.0
    timeout: float = 30.0
    contact: str = ""
    feed_cap: int = 10 * 1024 * 1024
    page_cap: int = 5 * 1024 * 1024
    per_host: int = 2
    connections: int = 100
    max_redirects: int = 5
    max_wait: float = 300.0
    user_agent: str = AGENT

    def agent(self) -> str:
        """The User-Agent header: the project and its contact."""
        return f"{self.user_agent} (+{self.contact})" if self.contact else self.user_agent

    def cap(self, kind: str) -> int:
        """The most decoded bytes of a body."""
        return {"robots": CAP, "page": self.page_cap}.get(kind, self.feed_cap)


@dataclass(slots=True)
class _Chain:
    """What one get() gathers over its redirects."""

    kind: Kind
    url: str
    started_at: datetime
    validators: dict[str, str]
    trusted: bool
    left: float
    seen: list[str] = field(default_factory=list)
    moved_to: str | None = None
    permanent: bool = True
    spent: float = 0.0

    def ended(self, outcome: str, error: str | None = None) -> Response:
        """The Response that ends the chain."""
        return Response(
            url=self.url,
            outcome=outcome,
            started_at=self.started_at,
            seconds=round(self.spent, 4),
            final_url=self.seen[-1] if self.seen else None,
            moved_to=self.moved_to,
            error=error,
        )


class Web:
    """The only HTTP client: guarded, capped, polite. Use as an async context manager.

    `on_fetch(kind, response)` is called for every attempt, robots.txt included. `holds` are hosts' Retry-After times
    by site and `robots_cache` what was read of robots.txt by origin; both are updated in place and may be kept.
    """

    def __init__(
        self,
        settings: WebSettings,
        clock: Callable[[], datetime],
        robots_cache: MutableMapping[str, Robots] | None = None,
        on_fetch: OnFetch | None = None,
        holds: Mapping[str, datetime] | None = None,
    ) -> None:
        self.settings = settings
        self._clock = clock
        self._robots: MutableMapping[str, Robots] = {} if robots_cache is None else robots_cache
        self._robots_locks: dict[str, asyncio.Lock] = {}
        self._on_fetch = on_fetch
        self._hosts = Hosts(settings.per_host, settings.connections, settings.max_wait, holds or {})
        self._guarded: aiohttp.ClientSession | None = None
        self._open: aiohttp.ClientSession | None = None

    @property
    def holds(self) -> dict[str, datetime]:
        """Until when each site asked to be left alone."""
        return self._hosts.holds

    async def __aenter__(self) -> Self:
        allowed = networks(self.settings.allow_network)
        context = await asyncio.get_running_loop().run_in_executor(None, ssl.create_default_context)
        self._guarded = self._session(
            aiohttp.TCPConnector(
                limit=0, ssl=context, ttl_dns_cache=300, socket_factory=socket_factory(allowed),
                resolver=aiohttp.ThreadedResolver(),
            )
        )  # fmt: skip
        self._open = self._session(aiohttp.TCPConnector(limit=4, ssl=context, resolver=aiohttp.ThreadedResolver()))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for session in (self._guarded, self._open):
            if session is not None:
                await session.close()

    def _session(self, connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),  # the limit is kept around the whole request, see _hop
            auto_decompress=False,
            trust_env=False,
            max_line_size=16384,
            max_field_size=32768,
            headers={"User-Agent": self.settings.agent(), "Accept-Encoding": "gzip, deflate, br"},
        )

    async def get(
        self,
        url: str,
        *,
        kind: Kind,
        etag: str | None = None,
        last_modified: str | None = None,
        trusted: bool = False,
    ) -> Response:
        """Fetch a URL. Never raises for what the web does: see `Response.outcome`.

        `trusted` says that the operator named the URL: the address is not vetted, though that of a redirect is.
        """
        validators = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        chain = _Chain(
            kind, url, self._clock(), {k: v for k, v in validators.items() if v}, trusted, self.settings.timeout
        )
        response = await self._follow(chain)
        if self._on_fetch is not None:
            self._on_fetch(kind, response)
        return response

    async def robots(self, url: str) -> Robots:
        """Return what the robots.txt of the URL's origin says, asking for it at most once a day."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        async with self._robots_locks.setdefault(origin, asyncio.Lock()):
            known = self._robots.get(origin)
            if known is None or not known.is_fresh(self._clock()):
                known = read_robots(await self.get(f"{origin}/robots.txt", kind="robots"))
                self._robots[origin] = known
        return known

    async def _follow(self, chain: _Chain) -> Response:
        target = absolute_url(chain.url)
        if target is None:
            return chain.ended("bad_url", "not an http(s) URL")
        for hop in range(self.settings.max_redirects + 1):
            if target in chain.seen:
                return chain.ended("redirect_loop", f"redirects come back to {target}")
            chain.seen.append(target)
            refused, page_delay = await self._permission(chain, target)
            if refused is not None:
                return refused
            answer = await self._turn(chain, target, page_delay, is_trusted=chain.trusted and hop == 0)
            if answer.status not in (301, 302, 303, 307, 308) or "location" not in answer.headers:
                return answer
            location = absolute_url(moved_location(answer.headers["location"]), target)
            if location is None:
                return replace(
                    chain.ended("blocked", f"redirect to {answer.headers['location'][:200]}"), status=answer.status
                )
            chain.permanent = chain.permanent and is_permanent(answer.status)
            chain.moved_to = location if chain.permanent else chain.moved_to
            target = location
        return chain.ended("redirect_limit", f"more than {self.settings.max_redirects} redirects")

    async def _permission(self, chain: _Chain, target: str) -> tuple[Response | None, float]:
        """Ask robots.txt for pages: the Response that refuses, or the Crawl-delay to keep."""
        if chain.kind not in ("page", "archive"):
            return None, 0.0
        robots = await self.robots(target)
        if robots.allows(target):
            return None, robots.crawl_delay()
        if robots.verdict in ("rules", "disallow"):
            return chain.ended("robots", robots.note or "robots.txt disallows the page"), 0.0
        wait = _DEFAULT_HOLD if robots.verdict == "retry_later" else None
        return replace(chain.ended(robots.verdict, robots.note), retry_after=wait), 0.0

    async def _turn(self, chain: _Chain, target: str, page_delay: float, *, is_trusted: bool) -> Response:
        """Wait for the host's turn, then make one request within what is left of the time."""
        site = site_of(target)
        delay = 0.0 if chain.kind == "robots" else self.settings.host_delay
        try:
            async with self._hosts.turn(site, self._clock(), delay, page_delay):
                began = time.monotonic()
                answer = await self._hop(chain, target, is_trusted=is_trusted)
                chain.spent += time.monotonic() - began
        except HeldError as held:
            return replace(chain.ended("retry_later", str(held)), retry_after=held.seconds)
        answer = replace(answer, seconds=round(chain.spent, 4))
        if answer.status == 429 or (answer.status == 503 and answer.retry_after is not None):
            self._hosts.hold(site, self._clock(), _DEFAULT_HOLD if answer.retry_after is None else answer.retry_after)
        return answer

    async def _hop(self, chain: _Chain, target: str, *, is_trusted: bool) -> Response:
        session = self._open if is_trusted else self._guarded
        if session is None:
            raise RuntimeError("Web is used outside its context")
        headers = {"Accept": _ACCEPT.get(chain.kind, _ACCEPT_PAGE), **chain.validators}
        left = max(self.settings.timeout - chain.spent, 0.001)
        try:
            async with (
                asyncio.timeout(left),
                session.get(URL(target, encoded=True), headers=headers, allow_redirects=False) as answer,
            ):
                return await self._read(chain, answer)
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError, BrokenEncodingError) as error:
            outcome, text = describe(error)
            return chain.ended(outcome, text)

    async def _read(self, chain: _Chain, answer: aiohttp.ClientResponse) -> Response:
        """Turn aiohttp's answer into ours, reading the body only of a success."""
        headers = {name.lower(): header_text(value) for name, value in answer.headers.items()}
        if answer.status == 304 and chain.validators:
            return replace(chain.ended("not_modified"), status=304, headers=headers)
        if not 200 <= answer.status < 300:
            wait = retry_after_seconds(headers.get("retry-after"), self._clock())
            said = chain.ended("http", f"HTTP {answer.status} {answer.reason or ''}".strip())
            return replace(said, status=answer.status, headers=headers, retry_after=wait)
        body = Body(headers.get("content-encoding", ""), self.settings.cap(chain.kind))
        ended = replace(await self._body(chain, answer, body), status=answer.status, headers=headers)
        return replace(ended, wire_bytes=body.wire_bytes)

    async def _body(self, chain: _Chain, answer: aiohttp.ClientResponse, body: Body) -> Response:
        try:
            if (answer.content_length or 0) > body.cap and chain.kind != "robots":
                raise TooLargeError
            async for chunk in answer.content.iter_any():
                body.feed(chunk)
        except TooLargeError:
            answer.close()
            if chain.kind == "robots":
                whole_lines, _, _ = body.so_far().rpartition(b"\n")  # half a rule would say something else
                return replace(chain.ended("ok"), body=whole_lines)
            return chain.ended("too_large", f"the body is larger than {body.cap:,} bytes")
        return replace(chain.ended("ok"), body=body.finish())
