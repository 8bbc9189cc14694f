"""What every stage of one run shares: settings, clock, warehouse, executor, and the ledger of attempts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.config import Settings
from monitor.records import Feed, Fetch, Response
from monitor.store import Warehouse
from monitor.web import Robots, Web, WebSettings
from monitor.work import Map

Clock = Callable[[], datetime]
Progress = Callable[[str, int, int], None]  # stage, done, of


def quiet(stage: str, done: int, of: int) -> None:
    """A progress that says nothing."""


@dataclass(slots=True)
class Run:
    """One collection run. `all_` also takes what is not yet due; Retry-After and gone still hold."""

    run_id: str
    settings: Settings
    clock: Clock
    warehouse: Warehouse
    map_: Map
    tagger_version: str
    feeds: Mapping[str, Feed]
    all_: bool = False
    progress: Progress = quiet
    robots: dict[str, Robots] = field(default_factory=dict)
    holds: dict[str, datetime] = field(default_factory=dict)
    _lines: dict[str, frozenset[int]] = field(default_factory=dict)
    _ledger: list[tuple[str, Response]] = field(default_factory=list)
    _feed_ids: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def web(self) -> Web:
        """A client that enters every attempt in this run's ledger."""
        settings = self.settings
        web = Web(
            WebSettings(
                allow_network=settings.allow_network,
                host_delay=settings.host_delay,
                timeout=settings.timeout,
                contact=settings.contact,
            ),
            clock=self.clock,
            robots_cache=self.robots,
            on_fetch=self._enter,
            holds=self.holds,
        )
        self.holds = web.holds  # the client updates it in place
        return web

    def known_lines(self, publishers: Iterable[str]) -> dict[str, frozenset[int]]:
        """Hashes of each publisher's boilerplate lines, asked for once: they change when the run's articles are in."""
        if missing := sorted(set(publishers) - self._lines.keys()):
            self._lines |= self.warehouse.known_lines(missing)
        return self._lines

    def expect(self, url: str, feed_id: str) -> None:
        """Say whose attempt a URL will be."""
        self._feed_ids[url] = feed_id

    def _enter(self, kind: str, response: Response) -> None:
        with self._lock:
            self._ledger.append((kind, response))

    def fetches(self) -> tuple[Fetch, ...]:
        """The attempts since the last call, as rows."""
        with self._lock:
            attempts, self._ledger = self._ledger, []
        return tuple(self._row(kind, r) for kind, r in attempts)

    def _row(self, kind: str, r: Response) -> Fetch:
        return Fetch(
            run_id=self.run_id,
            kind=kind,
            url=r.url,
            started_at=r.started_at,
            seconds=r.seconds,
            outcome=r.outcome,
            feed_id=self._feed_ids.get(r.url) if kind != "robots" else None,
            http_status=r.status,
            bytes=r.wire_bytes,
            error=r.error,
        )
