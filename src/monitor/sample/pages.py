"""The sample site's HTML pages: an article amid navigation, bio, subscription box and related links."""

from __future__ import annotations

import json
from datetime import datetime
from html import escape
from string import Template

from monitor.sample.plan import Outlet, Piece, pieces, published_at, template

_FEED_TYPES = {"atom": "application/atom+xml", "atom-full": "application/atom+xml", "json": "application/feed+json"}
_TEASER_WORDS = 45


def feed_type(outlet: Outlet) -> str:
    """The media type of an outlet's feed."""
    return _FEED_TYPES.get(outlet.form, "application/rss+xml")


def article_page(piece: Piece, base: str, now: datetime) -> str:
    """The page of an article; `base` is the site's address without a slash at its end."""
    outlet = piece.outlet
    lead, rest = _body(piece)
    plain = {
        "title": piece.title,
        "summary": piece.summary,
        "outlet": outlet.name,
        "tagline": outlet.tagline,
        "section": outlet.section.capitalize(),
        "author": piece.author,
        "language": piece.language,
        "subscribe": outlet.subscribe,
        "bio": piece.bio,
        "url": base + piece.path,
        "home": f"{base}/{outlet.slug}/",
        "feed_url": base + outlet.feed_path,
        "feed_type": feed_type(outlet),
    }
    return Template(template(outlet.layout)).substitute(
        {key: escape(value) for key, value in plain.items()},
        lead=lead,
        rest=rest,
        byline=_byline(piece, now),
        date_meta=_date_meta(piece, now),
        json_ld=_json_ld(piece, base, now),
        nav=_navigation(outlet, base),
        related=_related(piece, base),
    )


def article_html(piece: Piece) -> str:
    """The paragraphs alone, as a feed of full text carries them, with the bio after them."""
    return "\n".join([*_paragraphs(piece), f"<p><em>{escape(piece.bio)}</em></p>"])


def index_page(outlet: Outlet, base: str) -> str:
    """An outlet's front page."""
    links = "".join(
        f'<li><a href="{base}{piece.path}">{escape(piece.title)}</a></li>'
        for piece in pieces()
        if piece.outlet == outlet
    )
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(outlet.name)}</title>'
        f'<link rel="alternate" type="{feed_type(outlet)}" href="{base}{outlet.feed_path}"></head>'
        f"<body><h1>{escape(outlet.name)}</h1><p>{escape(outlet.tagline)}</p><ul>{links}</ul></body></html>"
    )


def missing_page() -> str:
    """What stands where nothing is."""
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Page not found</title></head>'
        "<body><h1>Page not found</h1><p>The page was moved or taken down.</p></body></html>"
    )


def _paragraphs(piece: Piece) -> list[str]:
    note = [f"<p><em>{escape(piece.source_line)}</em></p>"] if piece.origin else []
    return note + [f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in piece.paragraphs]


def _body(piece: Piece) -> tuple[str, str]:
    if piece.special == "paywall":
        teaser = " ".join(piece.paragraphs[0].split()[:_TEASER_WORDS])
        wall = "This article is for subscribers. Subscribe or sign in to continue reading."
        return f"<p>{escape(teaser, quote=False)}…</p>", f'<div class="paywall"><p>{wall}</p></div>'
    paragraphs = _paragraphs(piece)
    return "\n".join(paragraphs[:2]), "\n".join(paragraphs[2:])


def _byline(piece: Piece, now: datetime) -> str:
    by = {"fr": "Par", "id": "Oleh"}.get(piece.language, "By")
    line = f'{by} <a rel="author" href="/{piece.outlet.slug}/">{escape(piece.author)}</a>'
    if piece.special == "undated":
        return line
    at = published_at(piece, now)
    return f'{line} <time datetime="{at.isoformat()}">{at.day} {at:%B %Y}</time>'


def _date_meta(piece: Piece, now: datetime) -> str:
    if piece.special == "undated":
        return ""
    return f'<meta property="article:published_time" content="{published_at(piece, now).isoformat()}">'


def _json_ld(piece: Piece, base: str, now: datetime) -> str:
    facts: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "OpinionNewsArticle",
        "headline": piece.title,
        "inLanguage": piece.language,
        "author": {"@type": "Person", "name": piece.author},
        "publisher": {"@type": "Organization", "name": piece.outlet.name},
        "mainEntityOfPage": base + piece.path,
        "isAccessibleForFree": piece.special != "paywall",
    }
    if piece.special != "undated":
        facts["datePublished"] = published_at(piece, now).isoformat()
    return json.dumps(facts, ensure_ascii=False).replace("</", "<\\/")


def _navigation(outlet: Outlet, base: str) -> str:
    return "".join(f'<li><a href="{base}/{outlet.slug}/">{escape(name)}</a></li>' for name in outlet.sections)


def _related(piece: Piece, base: str) -> str:
    others = [other for other in pieces() if other.outlet == piece.outlet and other.number != piece.number]
    start = piece.number % len(others)
    chosen = (others[start:] + others)[:4]
    return "".join(f'<li><a href="{base}{other.path}">{escape(other.title)}</a></li>' for other in chosen)
