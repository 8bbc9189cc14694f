"""The sample site's pages and feeds: well-formed, consistent, the same at every start."""

import io
import json
import re
import time
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import feedparser
import pytest

from monitor.dates import parse_date
from monitor.sample import outlets, pieces, published_at, sample_feeds
from monitor.sample.forms import entries
from monitor.sample.server import site

NOW = datetime(2026, 5, 7, 15, 30, tzinfo=UTC)
BASE = "http://127.0.0.1:8736"


@pytest.fixture(scope="module")
def documents():
    return site(BASE, NOW)


def text_of(documents, path):
    return documents[path].body.decode()


def parsed(documents, outlet):
    return feedparser.parse(io.BytesIO(documents[outlet.feed_path].body), sanitize_html=False)


class Links(HTMLParser):
    """All links of a page, and whether each tag that was opened was closed."""

    def __init__(self):
        super().__init__()
        self.links = []
        self.open = []

    def handle_starttag(self, tag, attrs):
        self.links += [value for key, value in attrs if key == "href"]
        if tag not in {"meta", "link", "input", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_forms_are_all_there():
    assert {outlet.form for outlet in outlets().values()} == {"rss2", "rss2-full", "rss1", "atom", "atom-full", "json"}
    assert len(sample_feeds()) >= 10
    assert len({feed.publisher for feed in sample_feeds()}) >= 8


@pytest.mark.parametrize(
    ("form", "version"),
    [("rss2", "rss20"), ("rss2-full", "rss20"), ("rss1", "rss10"), ("atom", "atom10"), ("atom-full", "atom10")],
)
def test_feeds_parse_with_every_entry(documents, form, version):
    for outlet in [outlet for outlet in outlets().values() if outlet.form == form]:
        feed = parsed(documents, outlet)
        assert not feed.bozo
        assert feed.version == version
        assert feed.feed.title == outlet.name
        assert [entry.title for entry in feed.entries] == [piece.title for piece in entries(outlet, NOW)]
        for entry, piece in zip(feed.entries, entries(outlet, NOW), strict=True):
            assert entry.link == BASE + piece.path + outlet.track
            assert entry.author == piece.author
            assert entry.summary == piece.summary


def test_dates_in_feeds_are_those_of_the_articles(documents):
    for outlet in [outlet for outlet in outlets().values() if outlet.form != "json"]:
        for entry, piece in zip(parsed(documents, outlet).entries, entries(outlet, NOW), strict=True):
            if piece.special == "undated":
                assert "published" not in entry
                continue
            # the raw string: the feed module turns feedparser's own reading of dates off for the whole process
            stamp = parse_date(entry.get("published") or entry.updated, now=NOW + timedelta(days=1))
            assert stamp.at == published_at(piece, NOW)


def test_full_text_feeds_carry_every_paragraph(documents):
    full = [outlet for outlet in outlets().values() if outlet.form in {"rss2-full", "atom-full"}]
    for outlet in full:
        for entry, piece in zip(parsed(documents, outlet).entries, entries(outlet, NOW), strict=True):
            paragraphs = re.findall(r"<p>(.*?)</p>", entry.content[0].value)
            assert set(piece.paragraphs) <= set(paragraphs)


def test_the_json_feed_is_a_json_feed(documents):
    outlet = outlets()["northern"]
    feed = json.loads(text_of(documents, outlet.feed_path))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["url"] for item in feed["items"]] == [BASE + piece.path for piece in entries(outlet, NOW)]
    for item, piece in zip(feed["items"], entries(outlet, NOW), strict=True):
        assert datetime.fromisoformat(item["date_published"]) == published_at(piece, NOW)
        assert all(paragraph in item["content_html"] for paragraph in piece.paragraphs)


def test_pages_are_whole_and_their_links_lead_somewhere(documents):
    missing = {BASE + piece.path for piece in pieces() if piece.special == "missing"}
    for piece in pieces():
        if piece.special == "missing":
            assert piece.path not in documents
            continue
        page = text_of(documents, piece.path)
        links = Links()
        links.feed(page)
        assert not links.open
        assert links.links[0] == BASE + piece.path
        for link in set(links.links) - missing:
            assert link.removeprefix(BASE) in documents
        assert f'<html lang="{piece.language}">' in page
        assert piece.outlet.tagline in page
        assert "$" not in re.sub(r"<script.*?</script>", "", page)


def test_pages_hold_the_article_unless_it_is_behind_the_wall(documents):
    for piece in pieces():
        if piece.special == "missing":
            continue
        page = text_of(documents, piece.path)
        inside = [f">{paragraph}<" in page for paragraph in piece.paragraphs]
        assert not any(inside) if piece.special == "paywall" else all(inside)
        assert piece.bio in page
        facts = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page).group(1))
        assert facts["headline"] == piece.title
        assert facts["isAccessibleForFree"] is (piece.special != "paywall")


def test_the_undated_article_has_no_date_anywhere(documents):
    (piece,) = [piece for piece in pieces() if piece.special == "undated"]
    page = text_of(documents, piece.path)
    assert not re.search(r"datePublished|published_time|<time", page)
    assert piece.summary in text_of(documents, piece.outlet.feed_path).replace("&amp;", "&")
    assert documents[piece.path].modified is None


def test_robots_keep_the_members_section_closed(documents):
    closed = re.findall(r"Disallow: (\S+)", text_of(documents, "/robots.txt"))
    assert {p.special for p in pieces() if any(p.path.startswith(prefix) for prefix in closed)} == {"members"}


def test_the_site_is_the_same_within_a_week_and_has_the_same_urls_after(documents):
    same = site(BASE, NOW + timedelta(days=3))
    assert same == documents
    later = site(BASE, NOW + timedelta(days=40))
    assert later.keys() == documents.keys()
    assert later["/robots.txt"].etag == documents["/robots.txt"].etag
    assert later["/mekong-ledger/feed.xml"].etag != documents["/mekong-ledger/feed.xml"].etag


def test_the_site_is_made_in_a_second():
    start = time.process_time()
    pieces.__wrapped__()
    site(BASE, NOW)
    assert time.process_time() - start < 1
