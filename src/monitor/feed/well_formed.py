"""RSS 2.0, RSS 1.0 and Atom 1.0 that are well-formed and plain, read by libxml2 in a fifth of feedparser's time.

Whatever is not (broken markup, other namespaces, markup inside a title) is left to feedparser: None is returned.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import urljoin

from lxml import etree  # type: ignore[import-untyped]

from monitor.feed.entries import RawItem
from monitor.feed.json_feed import Document

_ATOM = "{http://www.w3.org/2005/Atom}"
_RSS1 = "{http://purl.org/rss/1.0/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
_FEEDBURNER = "{http://rssnamespace.org/feedburner/ext/1.0}"
_SYNDICATION = "{http://purl.org/rss/1.0/modules/syndication/}"
_ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
_MEDIA = "{http://search.yahoo.com/mrss/}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_PUBLISHED = ("pubDate", f"{_ATOM}published", f"{_TERMS}issued")
_UPDATED = (f"{_DC}date", f"{_ATOM}updated", f"{_TERMS}modified", "lastBuildDate")
_READ = frozenset(
    [
        f"{space}{name}"
        for space in ("", _ATOM, _RSS1)
        for name in ("title", "link", "description", "summary", "content")
    ]
    + [f"{_DC}{name}" for name in ("title", "description", "creator", "date")]
    + ["guid", "author", f"{_CONTENT}encoded", f"{_FEEDBURNER}origLink", f"{_TERMS}created"]
    + [f"{_ITUNES}author", f"{_ITUNES}summary", f"{_MEDIA}description", *_PUBLISHED, *_UPDATED]
)
_NAMESPACE = re.compile(r' xmlns(?::[\w.-]+)?="[^"]*"')
_COUNT = re.compile(r"\d{1,5}")  # Python refuses to read a number of thousands of digits
_PERIODS = {"hourly": 3600, "daily": 86400, "weekly": 604800, "monthly": 2592000, "yearly": 31536000}


class _NotPlainError(Exception):
    """The document needs a reader that guesses."""


def read_well_formed(data: bytes) -> Document | None:
    """Read a feed without a DTD; None when it is not well-formed or not of the plain kinds."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
        channel, items, prefix = _parts(root)
        if sum(1 for _ in root.iter("{*}item", "{*}entry")) != len(items):
            return None
        has_base = b"xml:base" in data
        read = _atom_item if prefix == _ATOM else _rss_item
        return Document(
            items=tuple(read(item, prefix, _base_of(item) if has_base else "") for item in items),
            title=_text(channel.find(f"{prefix}title")),
            language=_text(channel.find(f"{prefix}language"))
            or _text(channel.find(f"{_DC}language"))
            or root.get(_LANG),
            ttl=ttl_seconds(
                _text(channel.find(f"{prefix}ttl")),
                _text(channel.find(f"{_SYNDICATION}updatePeriod")),
                _text(channel.find(f"{_SYNDICATION}updateFrequency")),
            ),
            next_archive=_next_archive(channel),
        )
    except (etree.XMLSyntaxError, _NotPlainError, ValueError):
        return None


def ttl_seconds(minutes: str | None, period: str | None, frequency: str | None) -> int | None:
    """Return the seconds between polls that a feed asks for, by <ttl> (minutes) or the syndication module."""
    if minutes and _COUNT.fullmatch(minutes) and int(minutes):
        return int(minutes) * 60
    length = _PERIODS.get((period or "").lower())
    times = int(frequency) if frequency and _COUNT.fullmatch(frequency) else 1
    return length // max(times, 1) if length else None


def _parts(root: etree._Element) -> tuple[etree._Element, list[etree._Element], str]:
    """Return the channel, the items and the namespace of their tags."""
    if root.tag == "rss" and (channel := root.find("channel")) is not None:
        return channel, [*channel.findall("item"), *root.findall("item")], ""
    if root.tag == f"{_ATOM}feed":
        return root, root.findall(f"{_ATOM}entry"), _ATOM
    if root.tag == f"{_RDF}RDF" and (channel := root.find(f"{_RSS1}channel")) is not None:
        return channel, root.findall(f"{_RSS1}item"), _RSS1
    raise _NotPlainError


def _rss_item(item: etree._Element, prefix: str, base: str) -> RawItem:
    found = _fields(item)
    permalink = found.get("guid") if _is_permalink(item.find("guid")) else None
    link = found.get(f"{_FEEDBURNER}origLink") or found.get(f"{prefix}link") or _alternate(item) or permalink
    summaries = (
        f"{prefix}description",
        f"{_DC}description",
        f"{_ATOM}summary",
        f"{_ITUNES}summary",
        f"{_MEDIA}description",
    )
    return RawItem(
        link=urljoin(base, link) if base and link else link,
        title=found.get(f"{prefix}title") or found.get(f"{_DC}title") or "",
        author=found.get(f"{_DC}creator") or found.get("author") or found.get(f"{_ITUNES}author"),
        summary=next((found[tag] for tag in summaries if tag in found), None),
        content=found.get(f"{_CONTENT}encoded") or found.get(f"{_ATOM}content"),
        published=tuple(_dates(found)),
    )


def _atom_item(entry: etree._Element, prefix: str, base: str) -> RawItem:
    found = _fields(entry)
    names = [_text(name) for name in entry.findall(f"{prefix}author/{prefix}name")]
    link = found.get(f"{_FEEDBURNER}origLink") or _alternate(entry)
    content = found.get(f"{prefix}content")
    return RawItem(
        link=urljoin(base, link) if base and link else link,
        title=found.get(f"{prefix}title") or "",
        author=", ".join(name for name in names if name) or found.get(f"{_DC}creator"),
        summary=found.get(f"{prefix}summary"),
        content=content,
        published=tuple(_dates(found)),
    )


def _fields(item: etree._Element) -> dict[str, str]:
    """Return the text of each child that is read, the first of its tag."""
    found: dict[str, str] = {}
    for child in item:
        if child.tag in _READ and child.tag not in found and (text := _text(child)):
            found[child.tag] = text
    return found


def _text(element: etree._Element | None) -> str | None:
    """Return an element's text; of XHTML inside it the markup, and in a title the words."""
    if element is None:
        return None
    if len(element) == 0:
        return _mended((element.text or "").strip()) or None
    if element.get("type") != "xhtml":
        raise _NotPlainError
    if element.tag == f"{_ATOM}title":
        return _mended(" ".join("".join(element.itertext()).split()))
    inner = element[0] if len(element) == 1 else element
    children = "".join(str(etree.tostring(child, encoding="unicode", method="html")) for child in inner)
    return _mended((html.escape(inner.text or "", quote=False) + _NAMESPACE.sub("", children)).strip())


def _mended(text: str) -> str:
    """Undo UTF-8 that was read as Latin-1 once too often, as feedparser does."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def _dates(found: dict[str, str]) -> Iterator[str]:
    for tag in (*_PUBLISHED, *_UPDATED, f"{_TERMS}created"):
        if tag in found:
            yield found[tag]


def _alternate(item: etree._Element) -> str | None:
    """Return the link to the page: rel=alternate, HTML before other types."""
    links = [link for link in item.findall(f"{_ATOM}link") if link.get("rel", "alternate") == "alternate"]
    links.sort(key=lambda link: link.get("type", "text/html") not in ("text/html", "application/xhtml+xml"))
    return next((link.get("href") for link in links if link.get("href")), None)


def _is_permalink(guid: etree._Element | None) -> bool:
    return guid is not None and guid.get("isPermaLink", "true").lower() == "true"


def _base_of(item: etree._Element) -> str:
    """Join the xml:base of an item and of what it stands in."""
    bases = [base for element in (item, *item.iterancestors()) if (base := element.get(_BASE))]
    joined = ""
    for base in reversed(bases):
        joined = urljoin(joined, base)
    return joined


def _next_archive(channel: etree._Element) -> str | None:
    """Return the link to older entries (RFC 5005)."""
    by_rel = {link.get("rel"): link.get("href") for link in reversed(channel.findall(f"{_ATOM}link"))}
    return by_rel.get("prev-archive") or by_rel.get("next")
