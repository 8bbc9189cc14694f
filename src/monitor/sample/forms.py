"""The sample site's feeds: RSS 2.0 and 1.0, Atom and JSON Feed, some with the full text."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from monitor.sample.pages import article_html
from monitor.sample.plan import Outlet, Piece, pieces, published_at


def feed_body(outlet: Outlet, base: str, now: datetime) -> str:
    """The feed of an outlet, newest first; one that began later carries only the weeks since."""
    return _FORMS[outlet.form](outlet, entries(outlet, now), base, now)


def entries(outlet: Outlet, now: datetime) -> list[Piece]:
    """The articles that an outlet's feed carries, newest first."""
    own = [piece for piece in pieces() if piece.outlet == outlet and piece.weeks_ago <= outlet.since_weeks]
    return sorted(own, key=lambda piece: published_at(piece, now), reverse=True)


def _link(piece: Piece, base: str) -> str:
    return base + piece.path + piece.outlet.track


def _rss2(outlet: Outlet, articles: list[Piece], base: str, now: datetime) -> str:
    items = "".join(_rss2_item(piece, base, now) for piece in articles)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">\n<channel>\n'
        f"<title>{escape(outlet.name)}</title><link>{base}/{outlet.slug}/</link>"
        f"<description>{escape(outlet.tagline)}</description><language>en</language>\n"
        f'<atom:link href="{base}{outlet.feed_path}" rel="self" type="application/rss+xml"/>\n'
        f"{items}</channel>\n</rss>\n"
    )


def _rss2_item(piece: Piece, base: str, now: datetime) -> str:
    date = "" if piece.special == "undated" else f"<pubDate>{format_datetime(published_at(piece, now))}</pubDate>"
    full = ""
    if piece.outlet.form == "rss2-full":
        link = f'<a href="{base}{piece.path}">{escape(piece.title)}</a>'
        after = f"<p>The post {link} appeared first on {piece.outlet.name}.</p>"
        full = f"<content:encoded><![CDATA[{article_html(piece)}\n{after}]]></content:encoded>"
    return (
        f"<item><title>{escape(piece.title)}</title><link>{escape(_link(piece, base))}</link>"
        f'<guid isPermaLink="false">{piece.outlet.slug}-{piece.number}</guid>'
        f"<dc:creator>{escape(piece.author)}</dc:creator>{date}"
        f"<description>{escape(piece.summary)}</description>{full}</item>\n"
    )


def _rss1(outlet: Outlet, articles: list[Piece], base: str, now: datetime) -> str:
    order = "".join(f"<rdf:li rdf:resource={quoteattr(_link(piece, base))}/>" for piece in articles)
    items = "".join(
        f"<item rdf:about={quoteattr(_link(piece, base))}><title>{escape(piece.title)}</title>"
        f"<link>{escape(_link(piece, base))}</link><description>{escape(piece.summary)}</description>"
        f"<dc:creator>{escape(piece.author)}</dc:creator><dc:language>{piece.language}</dc:language>"
        f"<dc:date>{published_at(piece, now).isoformat()}</dc:date></item>\n"
        for piece in articles
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<channel rdf:about="{base}{outlet.feed_path}"><title>{escape(outlet.name)}</title>'
        f"<link>{base}/{outlet.slug}/</link><description>{escape(outlet.tagline)}</description>"
        f"<items><rdf:Seq>{order}</rdf:Seq></items></channel>\n{items}</rdf:RDF>\n"
    )


def _atom(outlet: Outlet, articles: list[Piece], base: str, now: datetime) -> str:
    newest = published_at(articles[0], now).isoformat()
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<title>{escape(outlet.name)}</title><subtitle>{escape(outlet.tagline)}</subtitle>"
        f"<id>{base}/{outlet.slug}/</id><updated>{newest}</updated>"
        f'<link rel="self" href="{base}{outlet.feed_path}"/><link rel="alternate" href="{base}/{outlet.slug}/"/>\n'
        + "".join(_atom_entry(piece, base, now) for piece in articles)
        + "</feed>\n"
    )


def _atom_entry(piece: Piece, base: str, now: datetime) -> str:
    at = published_at(piece, now).isoformat()
    full = ""
    if piece.outlet.form == "atom-full":
        full = f'<content type="html" xml:lang="{piece.language}">{escape(article_html(piece))}</content>'
    return (
        f"<entry><title>{escape(piece.title)}</title><id>urn:sample:{piece.outlet.slug}:{piece.number}</id>"
        f'<link rel="alternate" type="text/html" href="{escape(_link(piece, base))}"/>'
        f"<author><name>{escape(piece.author)}</name></author><published>{at}</published><updated>{at}</updated>"
        f'<summary type="text">{escape(piece.summary)}</summary>{full}</entry>\n'
    )


def _json(outlet: Outlet, articles: list[Piece], base: str, now: datetime) -> str:
    items = [
        {
            "id": f"{outlet.slug}-{piece.number}",
            "url": _link(piece, base),
            "title": piece.title,
            "summary": piece.summary,
            "content_html": article_html(piece),
            "date_published": published_at(piece, now).isoformat(),
            "authors": [{"name": piece.author}],
            "language": piece.language,
        }
        for piece in articles
    ]
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "description": outlet.tagline,
        "home_page_url": f"{base}/{outlet.slug}/",
        "feed_url": base + outlet.feed_path,
        "language": "en",
        "items": items,
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


_FORMS: Mapping[str, Callable[[Outlet, list[Piece], str, datetime], str]] = {
    "rss2": _rss2,
    "rss2-full": _rss2,
    "rss1": _rss1,
    "atom": _atom,
    "atom-full": _atom,
    "json": _json,
}
