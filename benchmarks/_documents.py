"""Plain documents of a commentary site, made by their number: a feed of a hundred entries and a page."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
WORDS = [
    *(
        "officials",
        "analysts",
        "ministers",
        "the",
        "of",
        "and",
        "in",
        "regional",
        "trade",
        "ports",
        "customs",
        "review",
    ),
    *("budget", "agreement", "water", "rice", "energy", "neighbours", "funding", "agencies", "announced", "drafted"),
    *("consultation", "capital", "draft", "timetable", "delegation", "quarter", "year"),
]


def sentence(seed, words=22):
    return " ".join(WORDS[(seed * 7 + i * i + i * seed) % len(WORDS)] for i in range(words)).capitalize() + f" {seed}."


def paragraphs(seed, count):
    return [" ".join(sentence(seed * 100 + p * 10 + s) for s in range(4)) for p in range(count)]


def document(entries=100, *, full=True):
    """An RSS feed of a commentary site, with full texts or summaries alone."""
    items = []
    for i in range(entries):
        body = "".join(
            f'<p class="x" style="margin:0">{p} <a href="/r/{i}">a link</a> <em>and stress</em></p>'
            for p in paragraphs(i, 5)
        )
        content = f"<content:encoded><![CDATA[{body}]]></content:encoded>" if full else ""
        items.append(
            f"<item><title>{sentence(i, 8)}</title><link>https://example.com/a/{i}?utm_source=rss</link>"
            f"<guid>https://example.com/?p={i}</guid><pubDate>{format_datetime(NOW - timedelta(hours=i))}</pubDate>"
            f"<dc:creator>Mei Tan</dc:creator><description>{sentence(i, 30)}</description>{content}</item>"
        )
    head = (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>F</title>'
    )
    return f"{head}<link>https://example.com/</link>{''.join(items)}</channel></rss>".encode()


def web_page(seed):
    inner = "".join(f"<p>{p}</p>" for p in paragraphs(seed, 12))
    links = "".join(f'<li><a href="/{i}">{sentence(i, 6)}</a></li>' for i in range(60))
    return (
        f"<!doctype html><html lang=en><head><title>{sentence(seed, 8)}</title></head><body><nav><ul>{links}</ul>"
        f"</nav><main><article><h1>{sentence(seed, 8)}</h1>{inner}</article></main><aside><ul>{links}</ul></aside>"
        "</body></html>"
    ).encode()
