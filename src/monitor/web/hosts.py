"""Turns of a host: at most a few requests in flight, a minimum time between their starts, and its Retry-After."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

MAX_HOLD = timedelta(days=7)


class HeldError(Exception):
    """The host is not to be asked now; `seconds` says for how long."""

    def __init__(self, seconds: float, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Host:
    """One host's queue."""

    def __init__(self, in_flight: int) -> None:
        self.places = asyncio.Semaphore(in_flight)
        self.next_start = 0.0
        self.next_page = 0.0

    def wait(self, *, is_page: bool) -> float:
        """Return the seconds until a request may start."""
        return max(0.0, self.next_start, self.next_page if is_page else 0.0) - time.monotonic()

    def start(self, delay: float, page_delay: float) -> None:
        """Note that a request starts now."""
        now = time.monotonic()
        self.next_start = now + delay
        if page_delay:
            self.next_page = now + page_delay


class Hosts:
    """All hosts of one client, and how many requests it makes at once."""

    def __init__(self, in_flight: int, connections: int, max_wait: float, holds: Mapping[str, datetime]) -> None:
        self._in_flight = in_flight
        self._all = asyncio.Semaphore(connections)
        self._max_wait = max_wait
        self._hosts: dict[str, Host] = {}
        self._queued: dict[str, int] = {}
        self.holds: dict[str, datetime] = dict(holds)

    @asynccontextmanager
    async def turn(self, site: str, now: datetime, delay: float, page_delay: float = 0.0) -> AsyncIterator[None]:
        """Wait for a turn at the site; raises HeldError while its Retry-After holds or when the queue is too long."""
        host = self._hosts.setdefault(site, Host(self._in_flight))
        began = time.monotonic()
        self._join(site, host, max(delay, page_delay), is_page=page_delay > 0)
        try:
            async with host.places, self._line(host, delay, page_delay):
                started = now + timedelta(seconds=time.monotonic() - began)
                self.check(site, started)
                if page_delay > self._max_wait:  # longer than a run waits: later runs keep it too
                    self.check(_pages(site), started)
                    self.hold(_pages(site), started, page_delay)
                host.start(delay, page_delay)
                yield
        finally:
            self._queued[site] -= 1

    def _join(self, site: str, host: Host, delay: float, *, is_page: bool) -> None:
        """Count a request in; raises HeldError when those before it take longer than a run waits."""
        ahead = self._queued.get(site, 0)
        seconds = ahead * delay + max(host.wait(is_page=is_page), 0.0)
        if seconds > self._max_wait:
            raise HeldError(seconds, "the host's queue is longer than this run waits")
        self._queued[site] = ahead + 1

    @asynccontextmanager
    async def _line(self, host: Host, delay: float, page_delay: float) -> AsyncIterator[None]:
        """Wait until the host's delay is over and a connection is free, without keeping one while waiting."""
        while True:
            while (seconds := host.wait(is_page=page_delay > 0)) > 0:
                await asyncio.sleep(seconds)
            async with self._all:
                if host.wait(is_page=page_delay > 0) <= 0:
                    yield
                    return

    def check(self, site: str, now: datetime) -> None:
        """Raise HeldError while the site asked to be left alone."""
        until = self.holds.get(site)
        if until is not None and now < until <= now + MAX_HOLD:  # later ones are of a clock that was set back
            raise HeldError((until - now).total_seconds(), f"the host asked to be left alone until {until:%F %T}Z")

    def hold(self, site: str, now: datetime, seconds: float) -> None:
        """Keep a Retry-After; a longer one stands."""
        until = now + timedelta(seconds=min(max(seconds, 0.0), MAX_HOLD.total_seconds()))
        self.holds[site] = max(until, self.holds.get(site, until))


def _pages(site: str) -> str:
    """Under which name a hold that is for the pages of a site alone is kept."""
    return f"{site} pages"
