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

    def reserve(self, delay: float, page_delay: float, max_wait: float) -> float:
        """Take the next start and return the seconds until it; raises HeldError when that is too far off."""
        now = time.monotonic()
        start = max(now, self.next_start, self.next_page if page_delay else 0.0)
        if start - now > max_wait:
            raise HeldError(start - now, "the host's queue is longer than this run waits")
        self.next_start = start + delay
        if page_delay:
            self.next_page = start + page_delay
        return start - now


class Hosts:
    """All hosts of one client."""

    def __init__(self, in_flight: int, max_wait: float, holds: Mapping[str, datetime]) -> None:
        self._in_flight = in_flight
        self._max_wait = max_wait
        self._hosts: dict[str, Host] = {}
        self.holds: dict[str, datetime] = dict(holds)

    @asynccontextmanager
    async def turn(self, site: str, now: datetime, delay: float, page_delay: float = 0.0) -> AsyncIterator[None]:
        """Wait for a turn at the site; raises HeldError while its Retry-After holds."""
        host = self._hosts.setdefault(site, Host(self._in_flight))
        began = time.monotonic()
        async with host.places:
            self.check(site, now)
            wait = host.reserve(delay, page_delay, self._max_wait)
            if wait > 0:
                await asyncio.sleep(wait)
            self.check(site, now + timedelta(seconds=time.monotonic() - began))
            yield

    def check(self, site: str, now: datetime) -> None:
        """Raise HeldError while the site asked to be left alone."""
        until = self.holds.get(site)
        if until is not None and until > now:
            raise HeldError((until - now).total_seconds(), f"the host asked to be left alone until {until:%F %T}Z")

    def hold(self, site: str, now: datetime, seconds: float) -> None:
        """Keep a Retry-After; a longer one stands."""
        until = now + min(timedelta(seconds=max(seconds, 0.0)), MAX_HOLD)
        self.holds[site] = max(until, self.holds.get(site, until))
