"""One feed document to entries, whatever it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from monitor.charset import decode
from monitor.feed.entries import build_entries, clean_title
from monitor.feed.json_feed import Document, looks_like_json, read_json_feed
from monitor.feed.markup import EntityBombError, as_utf8_xml, strip_dtd, without_forbidden
from monitor.feed.well_formed import read_well_formed
from monitor.feed.xml_feed import read_xml_feed
from monitor.records import Entry, ParsedFeed
from monitor.urls import absolute_url

_FEED_ROOT = re.compile(r"<(?:[\w.-]+:)?(?:rss|feed|rdf)\s[^>]{0,2000}(?:xmlns|version)\s*=", re.IGNORECASE)
_HTML_ROOT = re.compile(r"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_LINK_TAG = re.compile(r"<link\s[^<>]{0,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_NEVER = datetime(9000, 1, 1, tzinfo=UTC)


def parse_feed(
    body: bytes,
    url: str,
    headers: Mapping[str, str] | None = None,
    *,
    feed_id: str = "",
    now: datetime | None = None,
    zone: str | None = None,
) -> ParsedFeed:
    """Parse a feed of any format; never raises. `url` is the base of relative links, the final one of redirects.

    `now` bounds the dates (the Date header does when it is left out); `zone` is the feed's own time zone.
    `status` is ok, warn or error:<empty|not_a_feed|entity|parse>; the feed's `ttl` is in seconds.
    """
    named = {name.lower(): value for name, value in (headers or {}).items()}
    if not body.strip(b"\0\r\n\t \xef\xbb\xbf"):
        return ParsedFeed("error:empty", note="the answer has no body")
    decoded = decode(body, named.get("content-type", ""))
    notes = list(decoded.notes)
    try:
        document = _read(decoded.text, url, named.get("content-type", ""), notes)
    except EntityBombError as bomb:
        return ParsedFeed("error:entity", note=f"refused: {bomb}")
    if document.problem:
        return ParsedFeed(f"error:{document.problem}", note=document.note)
    entries = build_entries(
        document.items, feed_id=feed_id, base=url, now=now or _sent_at(named.get("date")), zone=zone
    )
    return _judged(document, entries, notes, url)


def feed_links(text: str, base: str) -> list[str]:
    """Return the feeds that an HTML page names by <link rel=alternate>, absolute and in order."""
    found: dict[str, None] = {}
    for tag in _LINK_TAG.findall(text):
        attributes = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(tag)}
        if "alternate" in attributes.get("rel", "").lower() and attributes.get("type", "").lower() in _FEED_TYPES:
            link = absolute_url(attributes.get("href", "").replace("&amp;", "&"), base)
            if link:
                found[link] = None
    return list(found)


def _read(text: str, url: str, content_type: str, notes: list[str]) -> Document:
    """Read the text by its format, gathering notes on what had to be put right."""
    if looks_like_json(text, content_type):
        return read_json_feed(text)
    if _is_html(text):
        links = feed_links(text, url)
        found = f"; it names the feed {links[0]}" if links else " and names no feed"
        return Document((), problem="not_a_feed", note=f"an HTML page{found}")
    text, note = strip_dtd(text)
    notes += [note] if note else []
    text, had_forbidden = without_forbidden(text)
    notes += ["characters that XML forbids were dropped"] if had_forbidden else []
    data = as_utf8_xml(text)
    return read_well_formed(data) or read_xml_feed(data)


def _is_html(text: str) -> bool:
    """Whether an HTML page stands where the feed was; a feed wrapped in one is still a feed."""
    head = text[:20_000]
    return _HTML_ROOT.search(head) is not None and _FEED_ROOT.search(head) is None and "<rss" not in head[:200].lower()


def _sent_at(date: str | None) -> datetime:
    try:
        return parsedate_to_datetime(date).astimezone(UTC) if date else _NEVER
    except (ValueError, TypeError, OverflowError):
        return _NEVER


def _judged(document: Document, entries: tuple[Entry, ...], notes: list[str], url: str) -> ParsedFeed:
    """Say ok or warn, with one plain sentence."""
    problems = [*notes, *([document.note] if document.note else [])]
    refused = sum(entry.refused is not None for entry in entries)
    undated = sum(entry.published_at is None for entry in entries)
    if not entries:
        problems.append("the feed has no entries")
    if refused:
        problems.append(f"{refused} of {len(entries)} entries have no web link")
    if undated:
        problems.append(f"{undated} of {len(entries)} entries have no plausible date")
    parsed = ParsedFeed(
        status="warn" if problems else "ok",
        entries=entries,
        title=clean_title(document.title) or None,
        language=document.language,
        ttl=document.ttl,
        next_archive=absolute_url(document.next_archive, url) if document.next_archive else None,
    )
    return replace(parsed, note="; ".join(problems) or None)
