"""What a page says of itself: title, author, date and the address that it goes by."""

import pytest

from monitor.article.extract import extract
from monitor.records import Page
from tests.unit.article_pages import SHELL, article, page

HEAD = """<link rel="canonical" href="/the-page/?utm_source=x"><meta property="og:title" content="The title">
<meta name="author" content="Mei Tan"><meta property="article:published_time" content="2026-05-04T15:07:41+07:00">"""


def test_what_the_head_says():
    found = extract(page(article(), HEAD))
    assert (found.title, found.author, found.published_raw) == ("The title", "Mei Tan", "2026-05-04T15:07:41+07:00")
    assert found.canonical_url == "https://example.com/the-page"


LD = (
    '<script type="application/ld+json">{"@graph":[{"@type":"WebSite"},{"@type":["NewsArticle"],"headline":"LD title",'
    '"datePublished":"2026-05-04","author":[{"name":"A B"},{"name":"C D"}]}]}</script>'
)


def test_what_linked_data_says():
    found = extract(page(article(), "<script type='application/ld+json'>broken{</script>" + LD))
    assert (found.title, found.author, found.published_raw) == ("LD title", "A B, C D", "2026-05-04")


@pytest.mark.parametrize(
    "link",
    [
        "https://other.example.org/x",
        "https://www.example.com/",
        "javascript:x",
        "http://127.0.0.1/",
        "https://com/x",
        "",
    ],
)
def test_a_canonical_link_off_the_site_or_to_the_front_page_is_not_believed(link):
    assert extract(page(article(), f'<link rel="canonical" href="{link}">')).canonical_url is None


def test_og_url_stands_in_for_the_canonical_link():
    head = '<link rel="canonical" href="https://other.org/x"><meta property="og:url" content="https://m.example.com/y">'
    assert extract(page(article(), head)).canonical_url == "https://example.com/y"


def test_metadata_of_pages_without_text_is_kept():
    found = extract(page(SHELL, HEAD))
    assert (found.status, found.title, found.published_raw[:4]) == ("metadata", "The title", "2026")


def test_titles_and_authors_of_linked_data_hold_no_control_characters():
    said = (
        '{"@type": "NewsArticle", "datePublished": "2026-05-04", "headline": "Rice\\u0007\\u001b[31m is\\u2028up"'
        ', "author": {"name": "A\\u0008 B\\n"}}'
    )
    html = f"<html><head><script type='application/ld+json'>{said}</script></head><body><p>x</p></body></html>"
    found = extract(Page("http://e.com/a", "http://e.com/a", html.encode(), "text/html"))
    assert (found.title, found.author) == ("Rice[31m is up", "A B")
