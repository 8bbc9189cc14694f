"""Texts that feeds give: when one is the article, and summaries as plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.article.extract import extract
from monitor.article.feed_text import feed_text_is_full
from monitor.article.plain import extract_html_summary
from monitor.records import Entry, Feed, Page
from tests.unit.article_pages import PARAGRAPHS, SENTENCES, URL


def counted(found):
    inside = {i for start, end in found.boilerplate for i in range(start, end)}
    return "".join(c for i, c in enumerate(found.text) if i not in inside)


def entry(content=None, summary=None):
    return Entry("f", "e", URL, URL, 1, "T", content=content, summary=summary)


FEED = Feed("f", "F", "https://example.com/feed", "example")
LONG = "".join(f"<p>{p}</p>" for p in PARAGRAPHS * 2)


@pytest.mark.parametrize(
    ("content", "summary", "full"),
    [
        (LONG, "A summary.", True),
        (LONG, None, True),
        (LONG, LONG, False),
        (LONG + "<p>[…]</p>", None, False),
        (LONG + "<p>… <a href='x'>Continue reading</a></p>", None, False),
        (f"<p>{SENTENCES[0]}</p>", None, False),
        (None, LONG, False),
    ],
)
def test_when_the_feeds_text_is_the_article(content, summary, full):
    assert feed_text_is_full(entry(content, summary), FEED) is full


@pytest.mark.parametrize("said", [True, False])
def test_the_declaration_of_a_feed_decides_first(said):
    feed = Feed("f", "F", "https://example.com/feed", "example", full_text=said)
    assert feed_text_is_full(entry("short"), feed) is said
    assert feed_text_is_full(entry(None, "summary"), feed) is False


def test_the_text_of_a_feed_is_extracted_without_a_page():
    content = LONG + "<script>bad()</script><p>The post A page appeared first on Example.</p>"
    found = extract(Page(URL, URL, content.encode(), "text/html", from_feed=True))
    assert (found.status, found.language) == ("full", "en")
    assert "bad()" not in found.text
    assert "appeared first" in found.text
    assert "appeared first" not in counted(found)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One <b>two</b></p><p>three&nbsp;&amp; four</p>", "One two\nthree & four"),
        ("plain &lt;text", "plain <text"),
        ("a<br>b<script>x</script>", "a\nb"),
        ("no markup at all", "no markup at all"),
        ("", ""),
    ],
)
def test_summaries_become_plain_text(html, text):
    assert extract_html_summary(html) == text


@given(st.text(max_size=100))
def test_any_summary_becomes_lines_without_controls(text):
    plain = extract_html_summary(text)
    assert not any(ord(c) < 32 and c != "\n" for c in plain)
    assert "\n\n" not in plain
