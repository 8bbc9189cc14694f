"""A plain document is read at once, another by feedparser: where both can read it they agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feed.well_formed import read_well_formed
from monitor.feed.xml_feed import read_xml_feed
from tests.unit.feed_xml import DATE, item, rss

words = st.text(alphabet=st.characters(blacklist_categories=["Cc", "Cs", "Cn", "Co"]), max_size=20).map(str.strip)
links = st.sampled_from(["http://example.com/a?x=1&y=2", "/relative", "page.html", "https://example.com/\u00e9"])
DATES = ["2026-05-04T15:07:41Z", DATE, "yesterday"]


def xml(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_rss(title, summary, link, date):
    return rss(
        f"<item><title>{xml(title)}</title><link>{xml(link)}</link><pubDate>{date}</pubDate>"
        f"<description>{xml(summary)}</description><guid isPermaLink='false'>x</guid></item>"
    )


def as_atom(title, summary, link, date):
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://example.org/b/"><title>F</title><entry>'
        f'<title>{xml(title)}</title><link href="{xml(link)}"/><id>x</id><updated>{date}</updated>'
        f'<summary type="html">{xml(summary)}</summary></entry></feed>'
    )


def as_rss_1(title, summary, link, date):
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>F</title></channel>'
        f"<item rdf:about='y'><title>{xml(title)}</title><link>{xml(link)}</link><dc:date>{date}</dc:date>"
        f"<description>{xml(summary)}</description></item></rdf:RDF>"
    )


@given(st.sampled_from([as_rss, as_atom, as_rss_1]), words, words, links, st.sampled_from(DATES))
def test_both_readers_of_xml_agree(write, title, summary, link, date):
    document = write(title, summary, link, date).encode()
    assert read_well_formed(document) == read_xml_feed(document)


@pytest.mark.parametrize(
    "document",
    [
        rss(item())[:-3],
        rss(item("A <b>bold</b> title")),
        rss(item(more="<x:y>1</x:y>")),
        rss(item(more=f"<item>{item()}</item>")),
        '<rss xmlns="http://backend.userland.com/rss2"><channel><title>F</title></channel></rss>',
        "<opml/>",
    ],
)
def test_what_is_not_plain_is_left_to_feedparser(document):
    assert read_well_formed(document.encode()) is None
