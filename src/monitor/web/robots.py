"""What a host's robots.txt says, kept for a day."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import datetime, timedelta

from protego import Protego

from monitor.records import Response

KEPT = timedelta(days=1)
KEPT_FAILURE = timedelta(minutes=15)
CAP = 512 * 1024
LONGEST_DELAY = 7 * 86_400.0  # seconds
AGENT = "monitor"


@dataclass(frozen=True, slots=True)
class Robots:
    """One robots.txt as read. `verdict`: rules (see `text`), allow, disallow, or the outcome that got in the way."""

    fetched_at: datetime
    verdict: str
    text: str = ""
    note: str | None = None

    def is_fresh(self, now: datetime) -> bool:
        """Whether it still stands; a failure to read it is forgotten sooner."""
        kept = KEPT if self.verdict in ("rules", "allow", "disallow") else KEPT_FAILURE
        return abs(now - self.fetched_at) < kept  # also of a clock that was set back

    def allows(self, url: str) -> bool:
        """Whether our agent may fetch the URL."""
        if self.verdict == "rules":
            return bool(_rules(self.text).can_fetch(url, AGENT))
        return self.verdict == "allow"

    def crawl_delay(self) -> float:
        """Seconds to leave between requests."""
        if self.verdict != "rules":
            return 0.0
        rate = _rules(self.text).request_rate(AGENT)
        by_rate = rate.seconds / rate.requests if rate is not None and rate.requests else 0.0
        return min(max(float(_rules(self.text).crawl_delay(AGENT) or 0.0), by_rate), LONGEST_DELAY)

    def sitemaps(self) -> list[str]:
        """Sitemap URLs that it names."""
        return list(_rules(self.text).sitemaps) if self.verdict == "rules" else []


def read_robots(response: Response) -> Robots:
    """Judge an answer: 4xx allows all, 5xx disallows all (RFC 9309), no answer is a passing failure."""
    at = response.started_at
    status = response.status or 0
    if response.outcome == "ok":
        return Robots(at, "rules", response.body.decode("utf-8-sig", "replace"))
    if response.outcome == "http" and status == 429:
        return Robots(at, "retry_later", note="robots.txt answered 429")
    if response.outcome == "http" and status >= 500:
        return Robots(at, "disallow", note=f"robots.txt answered {status}: taken as disallow")
    if response.outcome in ("http", "redirect_loop", "redirect_limit"):
        return Robots(at, "allow", note=f"no robots.txt ({status})")
    return Robots(at, response.outcome, note=f"robots.txt: {response.error or response.outcome}")


@functools.lru_cache(maxsize=512)
def _rules(text: str) -> Protego:
    return Protego.parse(text)
