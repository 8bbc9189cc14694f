"""Small RSS documents, and how the tests of feeds read them."""

from datetime import UTC, datetime

from monitor.feed import parse_feed

NOW = datetime(2026, 11, 22, tzinfo=UTC)
URL = "http://example.com/feed/index.xml"
DATE = "Mon, 04 May 2026 15:07:41 +0700"


def item(title="A title", link="http://example.com/a", date=DATE, more=""):
    linked = f"<link>{link}</link>" if link else ""
    dated = f"<pubDate>{date}</pubDate>" if date else ""
    return f"<item><title>{title}</title>{linked}{dated}<description>Words</description>{more}</item>"


def rss(*items, head='<?xml version="1.0" encoding="utf-8"?>'):
    return f'{head}<rss version="2.0"><channel><title>F</title>{"".join(items)}</channel></rss>'


def parse(document, headers=None, url=URL, **options):
    body = document.encode() if isinstance(document, str) else document
    return parse_feed(body, url, headers, feed_id="f", now=NOW, **options)
