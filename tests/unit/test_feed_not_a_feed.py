"""What stands in a feed's place without being one, and what it says of the feed."""

import pytest

from monitor.feed.parse import feed_links
from tests.unit.feed_xml import URL, item, parse, rss


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", "error:empty"),
        (" \n\t", "error:empty"),
        ("\ufeff", "error:empty"),
        ("<!doctype html><html><body>Hi</body></html>", "error:not_a_feed"),
        ("Not found", "error:not_a_feed"),
        ("/etc/passwd", "error:not_a_feed"),
        ("http://127.0.0.1:9/x", "error:not_a_feed"),
        ("%PDF-1.4 x", "error:not_a_feed"),
        ("{}", "error:not_a_feed"),
        ('{"a": [1', "error:parse"),
        ("[" * 100_000, "error:not_a_feed"),
        ('{"items":' + "[" * 100_000, "error:parse"),
        ("<opml><body/></opml>", "error:not_a_feed"),
    ],
)
def test_what_is_no_feed_says_so(body, status):
    parsed = parse(body)
    assert (parsed.status, parsed.entries) == (status, ())
    assert parsed.note


def test_a_page_in_a_feeds_place_names_the_feed():
    page = '<html><head><link href="/new.xml?a=1&amp;b=2" rel="alternate" type="application/rss+xml"></head></html>'
    parsed = parse(page, {"Content-Type": "application/rss+xml"})
    assert "http://example.com/new.xml?a=1&b=2" in parsed.note
    assert feed_links(page + '<link rel="stylesheet" href="x">', URL) == ["http://example.com/new.xml?a=1&b=2"]


def test_a_body_that_is_a_path_is_not_opened(tmp_path):
    secret = tmp_path / "feed.xml"
    secret.write_text(rss(item()))
    assert parse(str(secret)).entries == ()
