"""Finding feeds on a page and older articles of a feed: autodiscovery, RFC 5005, ?paged=, sitemaps. No I/O."""

from __future__ import annotations

import html
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, zip_longest
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from monitor.charset import decode
from monitor.dates import date_from_url, parse_date
from monitor.feed import RawItem, build_entries, feed_links
from monitor.records import Entry, ParsedFeed
from monitor.urls import absolute_url, canonical_url, same_site

SITEMAP_CAP = 50 * 1024 * 1024
_LONGEST_NODE = 10_000
_MOST_NODES = 50_000  # what the format allows in one file
_GZIP = b"\x1f\x8b"
_MOST_MEMBERS = 1000
_STEP = 16_384
_GUESSES = ("feed/", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed", "?feed=rss2", "feeds/posts/default")
_SITEMAP_GUESSES = ("sitemap.xml", "sitemap_index.xml", "sitemap-index.xml", "wp-sitemap.xml", "news-sitemap.xml")
_ANCHOR = re.compile(r"""<a\s[^<>]{0,1000}?href\s*=\s*["']?([^"'\s>]{1,2000})""", re.IGNORECASE)
_FEED_LIKE = re.compile(r"(?:^|[/._?=&-])(?:rss2?|atom|feeds?|rdf)(?:$|[/._?=&-])|\.(?:rss|atom|rdf)$", re.IGNORECASE)
_NOT_FEED = re.compile(r"\.(?:png|jpe?g|gif|svg|css|js|pdf|mp3|mp4|zip)(?:$|\?)|/comments?/|feedback", re.IGNORECASE)
_NODE = re.compile(r"<(?:[\w.-]{1,20}:)?(url|sitemap)(?:\s[^<>]{0,500})?>", re.IGNORECASE)
# each alternative ends at the next "<": no start looks further than that, whatever is repeated
_FIELD = re.compile(
    r"<(?:[\w.-]{1,20}:)?(loc|lastmod|publication_date|title)(?:\s[^<>]{0,500})?>"
    r"(?:[^\S<]{0,100}<!\[CDATA\[([^<]{0,9000}?)\]\]>|([^<]*))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One URL of a sitemap; `title` and `published` only where it is a news sitemap."""

    url: str
    modified: str | None = None
    published: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap lists: pages, and further sitemaps."""

    pages: tuple[Listed, ...] = ()
    children: tuple[Listed, ...] = ()


def feed_candidates(body: bytes, url: str, content_type: str = "") -> list[str]:
    """Return the feeds to try for a page, best first: named in its head, linked in its body, then the usual places."""
    text = decode(body, content_type, is_html=True).text
    named = feed_links(text, url)
    linked = [
        link
        for href in _ANCHOR.findall(text)
        if _FEED_LIKE.search(urlsplit(href).path + "?" + urlsplit(href).query) and not _NOT_FEED.search(href)
        if (link := absolute_url(html.unescape(href), url)) and same_site(link, url)
    ]
    guessed = [link for guess in _GUESSES if (link := absolute_url("/" + guess, url))]
    return list(dict.fromkeys([*named, *linked[:20], *guessed]))


def archive_url(parsed: ParsedFeed, url: str) -> str | None:
    """Return the document of older entries that a feed names (RFC 5005), if it is another one."""
    link = absolute_url(parsed.next_archive, url) if parsed.next_archive else None
    return link if link and canonical_url(link) != canonical_url(url) else None


def paged_url(url: str, page: int) -> str:
    """Return the address of a further page of a WordPress feed."""
    parts = urlsplit(url)
    query = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key != "paged"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("paged", str(page))])))


def sitemap_urls(url: str, named: Sequence[str] = ()) -> list[str]:
    """Return the sitemaps to try for a site: those that its robots.txt names, then the usual places."""
    links = [absolute_url(link, url) for link in [*named, *("/" + guess for guess in _SITEMAP_GUESSES)]]
    return list(dict.fromkeys(link for link in links if link))


def parse_sitemap(body: bytes, url: str) -> Sitemap:
    """Read a sitemap or sitemap index, as XML or text, also gzipped; never raises. Links off the site are left out."""
    text = decode(_unpacked(body)).text
    if "<" not in text[:1000]:
        lines = (line.strip() for line in text.splitlines()[:_MOST_NODES])
        return Sitemap(tuple(Listed(link) for line in lines if (link := _own(line, url))))
    pages: dict[str, Listed] = {}
    children: dict[str, Listed] = {}
    nodes = list(islice(_NODE.finditer(text), _MOST_NODES))
    for node, following in zip_longest(nodes, nodes[1:]):
        end = min(node.end() + _LONGEST_NODE, following.start() if following else len(text))
        found = _FIELD.findall(text[node.end() : end])
        fields = {name.lower(): html.unescape((marked or plain).strip()) for name, marked, plain in reversed(found)}
        link = _own(fields.get("loc", ""), url)
        if link:
            target = children if node[1].lower() == "sitemap" else pages
            target[link] = Listed(link, fields.get("lastmod"), fields.get("publication_date"), fields.get("title"))
    return Sitemap(tuple(pages.values()), tuple(children.values()))


def published_since(listed: Listed, since: datetime, now: datetime) -> bool | None:
    """Whether a listed page was published since a time; None when neither it nor its address says."""
    for dated in (parse_date(listed.published, now=now, search=False), date_from_url(listed.url, now=now)):
        if dated.at is not None:
            return dated.at >= since
    modified = parse_date(listed.modified, now=now, search=False)
    # what was last modified before the time was published before it; the reverse does not hold
    return False if modified.at is not None and modified.at < since else None


def sitemap_entries(pages: Sequence[Listed], *, feed_id: str, base: str, now: datetime) -> tuple[Entry, ...]:
    """Return entries for listed pages; `lastmod` is no date of publication and is not taken for one."""
    items = [
        RawItem(link=page.url, title=page.title or "", published=(page.published,) if page.published else ())
        for page in pages
    ]
    return build_entries(items, feed_id=feed_id, base=base, now=now, zone=None)


def _own(link: str, url: str) -> str | None:
    found = absolute_url(link, url) if link.startswith(("http://", "https://", "/")) else None
    return found if found and same_site(found, url) else None


def _unpacked(body: bytes) -> bytes:
    """Undo the gzip of a sitemap.xml.gz, no further than the cap; what is broken counts as far as it goes."""
    if body[:2] != _GZIP:
        return body
    parts: list[bytes] = []
    at, room = 0, SITEMAP_CAP
    for _ in range(_MOST_MEMBERS):
        if body[at : at + 2] != _GZIP or not room:
            break
        part, at = _member(body, at, room)
        parts.append(part)
        room -= len(part)
    return b"".join(parts)


def _member(body: bytes, at: int, room: int) -> tuple[bytes, int]:
    """What a gzip member that begins at a place unpacks to, and where it ends; a broken one has no end but the body's.

    zlib keeps back all of a step that it finds fault with: the step with the fault is taken again byte by byte.
    """
    unpacker, step = zlib.decompressobj(31), _STEP
    parts: list[bytes] = []
    while at < len(body) and room and not unpacker.eof:
        before = unpacker.copy()
        try:
            part = unpacker.decompress(body[at : at + step], room)
        except zlib.error:
            if step == 1:
                return b"".join(parts), len(body)
            unpacker, step = before, 1
            continue
        parts.append(part)
        at, room = min(at + step, len(body)), room - len(part)
    return b"".join(parts), at - len(unpacker.unused_data)
