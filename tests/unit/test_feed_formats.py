"""RSS, Atom, RSS 1 and JSON feeds become the same entries."""

import json
from datetime import UTC, datetime

import pytest

from tests.unit.feed_xml import DATE, item, parse, rss


def test_an_rss_item_is_an_entry():
    more = "<author>Mei Tan</author><content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>Full</content:encoded>"
    parsed = parse(rss(item(more=more)))
    (entry,) = parsed.entries
    assert (parsed.status, parsed.title, entry.feed_id) == ("ok", "F", "f")
    assert (entry.title, entry.author, entry.summary, entry.content) == ("A title", "Mei Tan", "Words", "Full")
    assert (entry.url, entry.canonical_url) == ("http://example.com/a", "https://example.com/a")
    assert entry.published_raw == DATE
    assert entry.published_at == datetime(2026, 5, 4, 8, 7, 41, tzinfo=UTC)
    assert not entry.date_only
    assert entry.refused is None


def test_atom_prefers_published_and_the_alternate_link():
    document = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://example.org/b/"><title>F</title><entry>
    <title type="html">One &lt;em&gt;two&lt;/em&gt; &amp;amp; three</title><link rel="self" href="self"/>
    <link rel="alternate" href="c"/><id>urn:1</id><updated>2026-05-05T00:00:00Z</updated>
    <published>2026-05-04T00:00:00Z</published><content type="html">&lt;p&gt;x&lt;/p&gt;</content></entry></feed>"""
    (entry,) = parse(document).entries
    assert (entry.title, entry.url, entry.content) == ("One two & three", "http://example.org/b/c", "<p>x</p>")
    assert entry.published_at.day == 4


def test_rss_1_with_dublin_core():
    document = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>F</title></channel><item rdf:about="x">
    <title>T</title><link>/a</link><dc:creator>Who</dc:creator><dc:date>2026-05-04</dc:date></item></rdf:RDF>"""
    (entry,) = parse(document).entries
    assert (entry.url, entry.author, entry.date_only) == ("http://example.com/a", "Who", True)


JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "F",
    "next_url": "http://example.com/2",
    "items": [
        {
            "id": "1",
            "url": "/a",
            "title": "T\u0007",
            "content_html": "<p>x</p>",
            "date_published": "2026-05-04T15:07:41Z",
        },
        {"id": "http://example.com/b", "content_text": "one < two\nthree", "authors": [{"name": "A"}, {"name": "B"}]},
        "nonsense",
        {"title": 7, "date_published": {"a": 1}},
    ],
}


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "application/feed+json"}])
def test_json_feed(headers):
    parsed = parse(json.dumps(JSON_FEED), headers)
    one, two, three = parsed.entries
    assert (one.url, one.title, one.content, one.published_at.hour) == ("http://example.com/a", "T", "<p>x</p>", 15)
    assert (two.url, two.author, two.content) == ("http://example.com/b", "A, B", "<p>one &lt; two</p><p>three</p>")
    assert (three.title, three.refused) == ("7", "no_link")
    assert parsed.next_archive == "http://example.com/2"


def test_a_feed_served_as_html_is_a_feed():
    assert parse(rss(item()), {"Content-Type": "text/html"}).status == "ok"


def test_an_empty_feed_is_a_warning():
    assert parse(rss()).status == "warn"


def test_what_the_feed_asks_of_its_readers():
    document = rss("<ttl>90</ttl><language>en-au</language>", item())
    parsed = parse(document)
    assert (parsed.ttl, parsed.language) == (5400, "en-au")


def test_the_next_archive_of_rfc_5005():
    link = '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="prev-archive" href="/2026-04.xml"/>'
    assert parse(rss(link, item())).next_archive == "http://example.com/2026-04.xml"


def test_xhtml_in_atom():
    document = """<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><link href="http://example.com/a"/>
    <title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">One <em>two</em></div></title><content type="xhtml">
    <div xmlns="http://www.w3.org/1999/xhtml">1 &lt; 2<p>A <b>b</b></p> tail</div></content></entry></feed>"""
    (entry,) = parse(document).entries
    assert (entry.title, entry.content) == ("One two", "1 &lt; 2<p>A <b>b</b></p> tail")
