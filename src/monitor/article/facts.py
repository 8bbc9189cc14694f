"""What a page says of itself: canonical link, date, author, title."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lxml import html as lxml_html  # type: ignore[import-untyped]

from monitor.article.plain import one_line
from monitor.urls import canonical_url, same_site

_DATE_NAMES = (
    "article:published_time", "article:published", "og:article:published_time", "datepublished", "date", "dc.date",
    "dc.date.issued", "dcterms.date", "dcterms.created", "pubdate", "publishdate", "publish-date", "publication_date",
    "citation_publication_date", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
    "article.published", "published_at", "rnews:datepublished", "ptime", "creation_date", "date.issued",
)  # fmt: skip
_AUTHOR_NAMES = (
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
)
_TITLE_NAMES = ("og:title", "twitter:title", "dc.title", "parsely-title")
_ARTICLE_TYPES = re.compile(
    r"(?:News|Blog|Opinion|Analysis|Report|Scholarly|Background|Review)?(?:Article|Posting|NewsArticle)|WebPage|Report"
)
_LONGEST_JSON = 300_000


@dataclass(frozen=True, slots=True)
class Facts:
    """Metadata as the page has it, unread."""

    canonical: str | None = None
    title: str | None = None
    author: str | None = None
    published: str | None = None
    language: str | None = None
    is_paid: bool = False
    heading: str = ""


def read_facts(tree: lxml_html.HtmlElement, url: str) -> Facts:
    """Read the head, the JSON-LD and the first <time> of a page."""
    meta = _meta(tree)
    linked = _linked_data(tree)
    heading = " ".join(" ".join(h.text_content().split()) for h in tree.xpath("//title | //h1")[:3])
    return Facts(
        canonical=_canonical(tree, meta, url),
        title=_first(meta, _TITLE_NAMES) or _text(linked.get("headline")) or _heading(tree),
        author=_author(linked.get("author")) or _named(_first(meta, _AUTHOR_NAMES)),
        published=_first(meta, _DATE_NAMES[:3])
        or _text(linked.get("datePublished"))
        or _first(meta, _DATE_NAMES)
        or _time(tree),
        language=(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip() or None,
        is_paid=str(linked.get("isAccessibleForFree", "")).lower() == "false",
        heading=heading,
    )


def _meta(tree: lxml_html.HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = " ".join((element.get("content") or "").split())
        if name and content:
            found.setdefault(name.strip().lower(), content[:2000])
    return found


def _first(meta: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((meta[name] for name in names if name in meta), None)


def _canonical(tree: lxml_html.HtmlElement, meta: dict[str, str], url: str) -> str | None:
    """Return the page's own name for itself, if it stays on the site and is not the front page."""
    links = [link.get("href") for link in tree.iter("link") if (link.get("rel") or "").strip().lower() == "canonical"]
    for link in [*links, meta.get("og:url")]:
        key = canonical_url(link, url) if link else None
        if key and same_site(key, url) and (len(urlsplit(key).path) > 1 or urlsplit(key).query):
            return key
    return None


def _linked_data(tree: lxml_html.HtmlElement) -> dict[str, Any]:
    """Return the first JSON-LD object that describes an article."""
    best: dict[str, Any] = {}
    for script in tree.xpath("//script[@type='application/ld+json']"):
        text = script.text or ""
        if not text or len(text) > _LONGEST_JSON:
            continue
        try:
            data = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _objects(data, 0):
            kinds = item.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(n, str) and _ARTICLE_TYPES.fullmatch(n) for n in names) and item.get("datePublished"):
                return item
            best = best or (item if item.get("datePublished") else {})
    return best


def _objects(data: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth > 4:
        return
    if isinstance(data, list):
        for item in data[:200]:
            yield from _objects(item, depth + 1)
    elif isinstance(data, dict):
        yield data
        yield from _objects(data.get("@graph"), depth + 1)


def _text(value: object) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return one_line(value[:1000]) if isinstance(value, str) else None


def _author(value: object) -> str | None:
    people = value if isinstance(value, list) else [value]
    names = [_text(p.get("name")) if isinstance(p, dict) else _text(p) for p in people[:10]]
    return _named(", ".join(name for name in names if name))


def _named(author: str | None) -> str | None:
    """Return an author's name; an address is none."""
    return None if not author or "://" in author or len(author) > 300 else author


def _heading(tree: lxml_html.HtmlElement) -> str | None:
    for element in tree.xpath("//h1 | //title"):
        text = " ".join(element.text_content().split())
        if text:
            return str(text)[:1000]
    return None


def _time(tree: lxml_html.HtmlElement) -> str | None:
    """Return the date of the first <time> or datePublished in the page's body."""
    # names of properties alone are asked for in half the time; most pages that come here have no such one
    if "datePublished" in tree.xpath("//@itemprop"):
        found = tree.xpath("//*[@itemprop='datePublished'] | //article//time[@datetime] | //time[@pubdate]")
    else:
        found = [element for element in tree.iter("time") if _is_dated(element)]
    for element in found[:5]:
        value = element.get("datetime") or element.get("content") or element.text_content()
        if value and value.strip():
            return " ".join(value.split())[:200]
    return None


def _is_dated(time: lxml_html.HtmlElement) -> bool:
    """Whether a <time> is meant for the article: within it and readable, or marked as its date."""
    is_within = time.get("datetime") is not None and next(time.iterancestors("article"), None) is not None
    return is_within or time.get("pubdate") is not None
