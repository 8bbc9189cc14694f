"""When an article was published, and which of the witnesses said so: feed, page, URL, else the time it was seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from monitor.batch import PendingEntry
from monitor.dates import date_from_url, parse_date, week_of


@dataclass(frozen=True, slots=True)
class Published:
    """`source` is feed, page, url, first-seen or none; `week` the Monday of `at` in the configured zone."""

    at: datetime | None
    source: str
    week: date | None


def publication(pending: PendingEntry, page_raw: str | None, *, now: datetime, week_zone: str) -> Published:
    """The first witness that holds. What a first poll or a backfill finds undated stays so: it may be old."""
    entry = pending.entry
    if entry.published_at:
        return _of(entry.published_at, "feed", week_zone, entry.date_only)
    page = parse_date(page_raw, now=now, zone=pending.zone)
    if page.at:
        return _of(page.at, "page", week_zone, page.date_only)
    address = date_from_url(entry.url or "", now=now)
    if address.at:
        return _of(address.at, "url", week_zone, address.date_only)
    if pending.is_first_poll or pending.is_backfilled:
        return Published(None, "none", None)
    return _of(pending.first_seen_at, "first-seen", week_zone, False)


def _of(at: datetime, source: str, zone: str, date_only: bool) -> Published:
    return Published(at, source, week_of(at, zone, date_only))
