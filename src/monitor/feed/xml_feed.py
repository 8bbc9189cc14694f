"""RSS and Atom by feedparser, which is handed clean UTF-8 in a BytesIO and nothing else."""

from __future__ import annotations

import io
import re
import time
from typing import Any

import feedparser

from monitor.feed.entries import RawItem, clean_line
from monitor.feed.json_feed import Document
from monitor.feed.well_formed import ttl_seconds

_END_OF_ITEM = re.compile(rb"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_END_OF_ROOT = re.compile(rb"</(?:[\w.-]+:)?(?:rss|feed|rdf|channel)\s*>", re.IGNORECASE)
_DATE_KEYS = ("published", "updated", "created")
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})

# feedparser's own reading of dates goes unused (see monitor.dates): one handler that answers at once replaces seven.
feedparser.registerDateHandler(lambda _: time.gmtime(0))


def read_xml_feed(data: bytes) -> Document:
    """Parse UTF-8 XML; never rejects on `bozo` alone."""
    # without a base, feedparser leaves links relative to xml:base alone: cheaper, and the feed's URL is joined later
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        parsed = feedparser.parse(
            io.BytesIO(data), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # noqa: BLE001 - a hostile document must not end the batch, whatever it trips
        return Document((), problem="parse", note=f"the parser failed: {type(error).__name__}: {error}")
    feed = parsed.get("feed") or {}
    items, note = _complete(parsed.get("entries") or [], data)
    if not parsed.get("version") and not items:
        return Document((), problem="not_a_feed", note="the document has neither a feed's root nor items")
    if parsed.get("bozo"):
        note = note or f"not well-formed: {clean_line(str(parsed.get('bozo_exception')))[:200]}"
    return Document(
        items=tuple(_item(entry) for entry in items),
        title=_get(feed, "title"),
        language=_get(feed, "language"),
        ttl=ttl_seconds(_get(feed, "ttl"), _get(feed, "sy_updateperiod"), _get(feed, "sy_updatefrequency")),
        next_archive=_next_archive(feed),
        note=note,
    )


def _complete(entries: list[Any], data: bytes) -> tuple[list[Any], str | None]:
    """Drop the entry that a cut document ends in."""
    if _END_OF_ROOT.search(data[-2000:]) or not entries:
        return entries, None
    whole = len(_END_OF_ITEM.findall(data))
    return entries[:whole], f"the document is cut off: {whole} complete items kept"


def _item(entry: dict[str, Any]) -> RawItem:
    content = _content(entry)
    summary = _get(entry, "summary")
    dates = [value for key in _DATE_KEYS if (value := _get(entry, key))]
    return RawItem(
        link=_get(entry, "feedburner_origlink") or _get(entry, "link") or _first_link(entry),
        title=_get(entry, "title") or "",
        author=_get(entry, "author"),
        summary=None if summary == content else summary,
        content=content,
        published=tuple(dates),
    )


def _content(entry: dict[str, Any]) -> str | None:
    """Return the longest full content that the entry gives as markup or text."""
    values = [
        str(part.get("value") or "") for part in dict.get(entry, "content") or () if part.get("type") in _HTML_TYPES
    ]
    return max(values, key=len, default="") or None


def _first_link(entry: dict[str, Any]) -> str | None:
    links = dict.get(entry, "links") or ()
    return next((link.get("href") for link in links if link.get("rel") == "alternate" and link.get("href")), None)


def _get(item: dict[str, Any], key: str) -> str | None:
    """Read a key as it stands: feedparser's own lookup maps `updated` to `published` and warns."""
    value = dict.get(item, key)
    return value if isinstance(value, str) and value else None


def _next_archive(feed: dict[str, Any]) -> str | None:
    """Return the link to older entries (RFC 5005)."""
    links = dict.get(feed, "links") or ()
    by_rel = {str(link.get("rel")): link.get("href") for link in reversed(links)}
    found = by_rel.get("prev-archive") or by_rel.get("next")
    return found if isinstance(found, str) else None
