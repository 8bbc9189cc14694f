"""Feeds are found on pages, and older articles in archives and sitemaps."""

import gzip
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.discover import (
    Listed,
    archive_url,
    feed_candidates,
    paged_url,
    parse_sitemap,
    published_since,
    sitemap_entries,
    sitemap_urls,
)
from monitor.records import ParsedFeed

URL = "https://www.example.com/section/"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
SINCE = datetime(2026, 5, 1, tzinfo=UTC)


def test_feeds_are_tried_in_order_of_trust():
    page = b"""<head><link rel="stylesheet" href="/x.css"><link type='application/atom+xml' rel='alternate' href='atom'>
    <link rel=alternate type="application/rss+xml" href="/rss?a=1&amp;b=2"></head><a href="/feedback">x</a>
    <a href="/topics/asia/rss.xml">RSS</a><a href="https://elsewhere.example.org/rss">x</a><a href="/rss.png">x</a>"""
    found = feed_candidates(page, URL)
    assert found[:3] == [
        "https://www.example.com/section/atom",
        "https://www.example.com/rss?a=1&b=2",
        "https://www.example.com/topics/asia/rss.xml",
    ]
    assert "https://www.example.com/feed/" in found[3:]
    assert not any("feedback" in link or "elsewhere" in link or ".png" in link for link in found)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("/2026-04.xml", "https://www.example.com/2026-04.xml"),
        (None, None),
        ("https://example.com/section", None),
        ("javascript:x", None),
    ],
)
def test_the_next_archive(link, expected):
    assert archive_url(ParsedFeed("ok", next_archive=link), URL) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://e.com/feed/", "https://e.com/feed/?paged=3"),
        ("https://e.com/?feed=rss2", "https://e.com/?feed=rss2&paged=3"),
        ("https://e.com/feed/?paged=2", "https://e.com/feed/?paged=3"),
    ],
)
def test_pages_of_a_feed(url, expected):
    assert paged_url(url, 3) == expected


URLSET = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://example.com/a?x=1&amp;y=2
 </loc><lastmod>2026-06-01</lastmod></url><url><loc><![CDATA[ https://example.com/b ]]></loc><news:news>
 <news:publication_date>2026-05-02T00:00:00+07:00</news:publication_date>
 <news:title>A &amp; B</news:title></news:news></url>
 <url><loc>https://evil.example.org/c</loc></url><url><loc>file:///etc/passwd</loc></url></urlset>"""
INDEX = b"""<sitemapindex><sitemap><loc>https://example.com/posts-1.xml</loc><lastmod>2026-05-01</lastmod></sitemap></sitemapindex>"""


@pytest.mark.parametrize("body", [URLSET, gzip.compress(URLSET), URLSET.decode().encode("utf-16")])
def test_a_sitemap_lists_pages_of_its_site(body):
    found = parse_sitemap(body, URL)
    assert found.pages == (
        Listed("https://example.com/a?x=1&y=2", "2026-06-01"),
        Listed("https://example.com/b", None, "2026-05-02T00:00:00+07:00", "A & B"),
    )
    assert found.children == ()


def test_an_index_lists_sitemaps_and_a_text_file_lists_pages():
    assert parse_sitemap(INDEX, URL).children == (Listed("https://example.com/posts-1.xml", "2026-05-01"),)
    assert parse_sitemap(b"https://example.com/a\nnonsense\n", URL).pages == (Listed("https://example.com/a"),)


def test_a_bomb_of_a_sitemap_is_bounded():
    laughs = (
        b'<!DOCTYPE x [<!ENTITY a "'
        + b"x" * 100_000
        + b'">]><urlset><url><loc>'
        + b"&a;" * 5000
        + b"</loc></url></urlset>"
    )
    began = time.process_time()
    assert parse_sitemap(laughs, URL).pages == ()
    assert parse_sitemap(gzip.compress(b"A" * 200_000_000), URL).pages == ()
    assert parse_sitemap(b"\x1f\x8bbroken", URL).pages == ()
    assert time.process_time() - began < 10


LONG = b"<urlset>" + b"".join(b"<url><loc>https://example.com/%d</loc></url>" % i for i in range(5000)) + b"</urlset>"
PACKED = gzip.compress(LONG)


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (PACKED[:-8] + b"\0" * 8, 5000),
        (PACKED[:-8], 5000),
        (PACKED + b"\0" * 100, 5000),
        (gzip.compress(LONG[:1000]) + gzip.compress(LONG[1000:]), 5000),
        (gzip.compress(LONG[:100_000]) + b"\x1f\x8bbroken", LONG[:100_000].count(b"<loc>")),
    ],
)
def test_a_packed_sitemap_counts_as_far_as_it_can_be_read(body, count):
    assert len(parse_sitemap(body, URL).pages) == count


def test_a_packed_sitemap_cut_or_spoilt_in_the_middle_counts_up_to_there():
    half = len(PACKED) // 2
    cut = parse_sitemap(PACKED[:half], URL).pages
    spoilt = parse_sitemap(PACKED[:half] + b"\xff" * 50 + PACKED[half + 50 :], URL).pages
    assert len(cut) > 1000
    assert spoilt[: len(cut) - 1] == cut[:-1]


def test_many_pieces_of_a_packed_sitemap_are_bounded():
    began = time.process_time()
    assert parse_sitemap(gzip.compress(b"") * 500_000, URL).pages == ()
    assert parse_sitemap((gzip.compress(b"A" * 1_000_000) * 1000)[:10_000_000], URL).pages == ()
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "node",
    [
        "<url>" + "<loc>" * 1990,
        "<url><loc>" + " " * 9900,
        "<url>" + "<loc " * 1990,
        "<url>" + "<loc><![CDATA[" * 700,
        "<url><loc><![CDATA[" + "]" * 9900,
        "<url>" + "<a:a:a:" * 1400,
    ],
)
def test_unclosed_pieces_of_a_sitemap_cost_linear_time(node):
    began = time.process_time()
    assert parse_sitemap((node * 100).encode(), URL).pages == ()
    assert time.process_time() - began < 5


def test_marked_sections_and_white_space_of_a_sitemap_are_read():
    text = (
        b"<urlset><url><loc><![CDATA[https://www.example.com/a?b=1&c=2]]></loc><news:title>\n <![CDATA[Rice & tea]]>\n"
        b"</news:title></url><url><loc>\n https://www.example.com/d?b=1&amp;c=2 \n</loc></url></urlset>"
    )
    first, second = parse_sitemap(text, URL).pages
    assert (first.url, first.title) == ("https://www.example.com/a?b=1&c=2", "Rice & tea")
    assert (second.url, second.title) == ("https://www.example.com/d?b=1&c=2", None)


def test_where_sitemaps_are_looked_for():
    found = sitemap_urls(URL, ["https://www.example.com/own.xml"])
    assert found[:2] == ["https://www.example.com/own.xml", "https://www.example.com/sitemap.xml"]


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        (Listed("https://e.com/a", published="2026-05-02"), True),
        (Listed("https://e.com/a", published="2026-04-02"), False),
        (Listed("https://e.com/2026/06/01/a", modified="2026-10-01"), True),
        (Listed("https://e.com/2025/06/01/a", modified="2026-10-01"), False),
        (Listed("https://e.com/a", modified="2026-04-01"), False),
        (Listed("https://e.com/a", modified="2026-06-01"), None),
        (Listed("https://e.com/a"), None),
    ],
)
def test_what_is_known_of_a_listed_pages_date(listed, expected):
    assert published_since(listed, SINCE, NOW) is expected


def test_entries_of_a_sitemap():
    (one, two) = sitemap_entries(parse_sitemap(URLSET, URL).pages, feed_id="f", base=URL, now=NOW)
    assert (one.url, one.title, one.published_at) == ("https://example.com/a?x=1&y=2", "", None)
    assert (two.title, two.published_at.day) == ("A & B", 1)


@given(st.binary(max_size=300), st.sampled_from([b"", b"<urlset><url><loc>", b"<a href=", b"\x1f\x8b"]))
def test_any_bytes_are_read(noise, start):
    parse_sitemap(start + noise, URL)
    feed_candidates(start + noise, URL)
