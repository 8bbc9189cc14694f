"""Raw items of any feed format to entries: identity, clean titles, dates, refusals."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.dates import Dated, parse_date
from monitor.records import Entry
from monitor.urls import absolute_url, article_id, canonical_url

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|bdi|big|br|cite|code|em|font|i|mark|p|q|s|small|span|strong|sub|sup|tt|u|wbr)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# Searching an unknown form costs milliseconds: a feed of 5,000 unreadable dates must not cost a minute.
_MOST_SEARCHES = 20


@dataclass(frozen=True, slots=True)
class RawItem:
    """What a document says of one item, before it is judged. `published` are date strings, the best first."""

    link: str | None
    title: str
    author: str | None = None
    summary: str | None = None
    content: str | None = None
    published: tuple[str, ...] = ()


def build_entries(
    items: Iterable[RawItem], *, feed_id: str, base: str, now: datetime, zone: str | None
) -> tuple[Entry, ...]:
    """Turn items into entries, one for each identity; what a later copy adds is kept."""
    entries: dict[str, Entry] = {}
    unreadable = 0
    for item in items:
        entry = _entry(item, feed_id, base, now, zone, search=unreadable < _MOST_SEARCHES)
        unreadable += entry.published_raw is not None and entry.published_at is None
        known = entries.get(entry.entry_id)
        entries[entry.entry_id] = entry if known is None else _merged(known, entry)
    return tuple(entries.values())


def clean_line(text: str | None) -> str:
    """Return text on one line without control characters."""
    return " ".join(_CONTROL.sub(" ", text or "").split(" ")).strip() if text else ""


def clean_title(text: str | None) -> str:
    """Return a title as plain text: inline tags and left-over entities undone, no control character."""
    title = text or ""
    if "<" in title:
        title = _INLINE_TAG.sub("", title)
    if "&" in title and _ENTITY.search(title):
        title = html.unescape(title)
    # C0 controls other than white space vanish, so that a bell inside a word does not split it
    title = re.sub(r"[\t\n\r\x85\u2028\u2029]+", " ", title)
    return re.sub(" {2,}", " ", _CONTROL.sub("", title)).strip(" ")


def folded_title(title: str) -> str:
    """Return a title as it counts for identity: case, width, punctuation and space do not."""
    text = unicodedata.normalize("NFKC", title).casefold()
    return " ".join("".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in text).split())


def _entry(item: RawItem, feed_id: str, base: str, now: datetime, zone: str | None, *, search: bool) -> Entry:
    link = (item.link or "").strip()
    url = absolute_url(link, base) if link else None
    canonical = canonical_url(url) if url else None
    title = clean_title(item.title)
    raw, dated = _first_date(item.published, now, zone, search=search)
    refused = None if canonical else ("no_link" if not link else "not_http")
    return Entry(
        feed_id=feed_id,
        entry_id=_entry_id(canonical, title, item),
        url=url if canonical else None,
        canonical_url=canonical,
        article_id=article_id(canonical) if canonical else None,
        title=title,
        author=clean_line(item.author) or None,
        summary=item.summary or None,
        content=item.content or None,
        published_raw=raw,
        published_at=dated.at,
        date_only=dated.date_only,
        refused=refused,
    )


def _entry_id(canonical: str | None, title: str, item: RawItem) -> str:
    if canonical:
        identity = canonical
    else:
        identity = "title:" + (
            folded_title(title) or title or clean_line(item.summary)[:500] or (item.link or "").strip()
        )
    return hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()[:32]


def _first_date(strings: tuple[str, ...], now: datetime, zone: str | None, *, search: bool) -> tuple[str | None, Dated]:
    """Return the first string that reads as a plausible date, else the first one with what is wrong with it."""
    first: tuple[str | None, Dated] | None = None
    for raw in strings:
        dated = parse_date(raw, now=now, zone=zone, search=search)
        if dated.at is not None:
            return clean_line(raw), dated
        first = first or (clean_line(raw), dated)
    return first or (None, Dated(None, problem="missing"))


def _merged(known: Entry, copy: Entry) -> Entry:
    """Keep the first entry, with the plainer link and what only the copy has."""
    plainer = copy.url if copy.url and known.url and len(copy.url) < len(known.url) else known.url
    has_date = known.published_at is not None or copy.published_at is None
    return replace(
        known,
        url=plainer,
        title=known.title or copy.title,
        author=known.author or copy.author,
        summary=known.summary or copy.summary,
        content=known.content or copy.content,
        published_raw=known.published_raw if has_date else copy.published_raw,
        published_at=known.published_at if has_date else copy.published_at,
        date_only=known.date_only if has_date else copy.date_only,
    )
