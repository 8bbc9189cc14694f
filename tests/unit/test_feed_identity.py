"""Which entries are one: by their page, else by their title; and which links are taken."""

import pytest

from monitor.feed import folded_title
from tests.unit.feed_xml import item, parse, rss


def test_identity_is_the_page_whatever_the_guid():
    links = [
        "http://example.com/a?utm_source=x",
        "https://www.example.com/a/",
        "http://example.com/a#s",
        "http://example.com/b",
    ]
    entries = parse(rss(*(item(f"T{i}", link, more=f"<guid>g{i}</guid>") for i, link in enumerate(links)))).entries
    assert [e.canonical_url for e in entries] == ["https://example.com/a", "https://example.com/b"]
    assert entries[0].title == "T0"
    again = parse(rss(item("Other", "https://example.com/a", more="<guid>new</guid>"))).entries
    assert again[0].entry_id == entries[0].entry_id


def test_one_guid_for_all_makes_no_one_entry():
    document = rss(
        *(item(f"T{i}", f"http://example.com/{i}", more="<guid isPermaLink='false'>same</guid>") for i in range(5))
    )
    assert len({e.entry_id for e in parse(document).entries}) == 5


def test_a_copy_adds_what_the_first_lacks():
    (entry,) = parse(rss(item("T", date=""), item("T", "http://example.com/a"))).entries
    assert entry.published_at is not None


def test_without_a_link_the_title_is_the_identity():
    entries = parse(rss(item("A Title", link=""), item("a  title!", link=""), item("Another", link=""))).entries
    assert [(e.title, e.refused, e.url) for e in entries] == [
        ("A Title", "no_link", None),
        ("Another", "no_link", None),
    ]


@pytest.mark.parametrize(
    "link", ["file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "ftp://h/x", "gopher://h"]
)
def test_links_out_of_the_web_are_refused_with_a_row(link):
    (entry,) = parse(rss(item("T", link))).entries
    assert (entry.url, entry.canonical_url, entry.article_id, entry.refused) == (None, None, None, "not_http")


def test_a_permalink_guid_stands_in_for_a_link():
    (entry,) = parse(rss(item("T", link="", more="<guid>http://example.com/g</guid>"))).entries
    assert entry.url == "http://example.com/g"


def test_a_title_is_one_line():
    entries = parse(rss(item("Rice\u2028and\u2029tea\x85and\ncoffee", "http://example.com/1"))).entries
    assert [e.title for e in entries] == ["Rice and tea and coffee"]


def test_titles_fold_case_punctuation_and_width():
    assert folded_title("“A Ｔitle” — of sorts!") == folded_title("a title of sorts")
    assert folded_title("東京") != folded_title("京都")
