"""Pages become articles, or say why not."""

import pytest

from monitor.article.extract import extract
from monitor.article.plain import count_words
from monitor.article.version import EXTRACTOR_VERSION
from monitor.records import Page
from tests.unit.article_pages import PARAGRAPHS, SENTENCES, SHELL, URL, article, page


def test_an_article_is_full():
    found = extract(page(article()))
    assert (found.status, found.reason, found.language) == ("full", None, "en")
    assert all(sentence in found.text for sentence in SENTENCES)
    assert found.word_count == count_words(found.text) > 60


OUTSIDE = {
    "navigation": '<nav><ul><li><a href="/x">Liechtenstein edition</a></li></ul></nav>',
    "page header": "<header><p>Liechtenstein votes today, says our header line.</p></header>",
    "related links": '<aside class="related"><ul><li><a href="/r">Ten things on Liechtenstein</a></li></ul></aside>',
    "footer": "<footer><p>(c) News. Offices in Liechtenstein. All rights reserved.</p></footer>",
    "comments": '<section id="comments">'
    + "<div class='comment'><p>What about Liechtenstein? I think so, honestly.</p></div>" * 8
    + "</section>",
    "comment list": '<ol class="comment-list">'
    + "<li><p>What about Liechtenstein? I think so, honestly.</p></li>" * 8
    + "</ol>",
    "scripts": "<script>var x = 'Liechtenstein';</script><noscript>Liechtenstein</noscript>",
}


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("where", ["before", "after"])
def test_what_stands_around_an_article_is_not_its_text(name, where):
    found = extract(page(article(**{where: OUTSIDE[name]})))
    assert found.status == "full"
    assert "Liechtenstein" not in found.text


def test_a_short_page_with_long_comments_is_short():
    found = extract(page(article(SENTENCES[0], after=OUTSIDE["comments"])))
    assert (found.status, "Liechtenstein" in found.text) == ("partial", False)


LISTING = "".join(f'<p><a href="/{i}">Headline number {i} about trade in the wider region</a></p>' for i in range(40))
NOT_FULL = {
    "pdf by type": (Page(URL, URL, b"x", "application/pdf"), "metadata", "pdf"),
    "pdf by its bytes": (Page(URL, URL, b"%PDF-1.4 x", "text/html"), "metadata", "pdf"),
    "picture": (Page(URL, URL, b"\x89PNG\r\n", "text/html"), "metadata", "not_html"),
    "json": (Page(URL, URL, b"{}", "application/json"), "metadata", "not_html"),
    "binary": (Page(URL, URL, b"ab\0c" * 90, ""), "metadata", "not_html"),
    "no bytes": (Page(URL, URL, b"", "text/html"), "metadata", "empty"),
    "empty body": (page(), "metadata", "empty"),
    "script shell": (page(SHELL), "metadata", "script"),
    "soft 404": (
        page("<h1>Page not found</h1><p>Sorry, the page you are looking for does not exist or has been moved.</p>"),
        "metadata",
        "soft_404",
    ),
    "paywall": (
        page(article(SENTENCES[0], after="<div>Subscribe to continue reading this article.</div>")),
        "partial",
        "paywall",
    ),
    "short": (page(article(*SENTENCES[:2])), "partial", "short"),
    "links only": (page(LISTING), "partial", "fallback"),
    "too large": (page("<p>x</p>" * 1_000_000), "metadata", "too_large"),
    "too many elements": (page("<i>x</i>" * 60_000), "metadata", "too_many_elements"),
}


@pytest.mark.parametrize("name", NOT_FULL)
def test_what_is_no_full_article_says_why(name):
    given_page, status, reason = NOT_FULL[name]
    found = extract(given_page)
    assert (found.status, found.reason) == (status, reason)
    assert status == "partial" or found.text == ""


def test_a_paid_article_that_is_all_there_is_full():
    data = '{"@type":"NewsArticle","datePublished":"2026-05-04","isAccessibleForFree":false}'
    many = [f"{s} Item {i}." for i in range(8) for s in SENTENCES]
    assert extract(page(article(*many), head=f'<script type="application/ld+json">{data}</script>')).status == "full"


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("谈判代表说，下一轮会议将讨论简化通关手续、港口拥堵以及粮食价格上涨等问题。" * 6, False),
        ("谈判代表说，下一轮会议将讨论简化通关手续、港口拥堵以及粮食价格上涨等问题。" * 3, True),
    ],
)
def test_scripts_without_spaces_are_measured_in_characters(text, short):
    found = extract(page(article(text)))
    assert (found.reason == "short", found.language) == (short, "zh")


@pytest.mark.parametrize(
    ("encoding", "text", "header"),
    [
        ("windows-1252", "Résumé – the “café” clause survives.", ""),
        ("shift_jis", "外務省は水曜日に声明を発表した。", ""),
        ("utf-8", "Résumé – 外務省", "iso-8859-1"),
        ("gb18030", "外交部星期三发表声明。", "gb2312"),
        ("utf-16", "Résumé – 外務省", ""),
    ],
)
def test_charsets_of_header_meta_and_truth(encoding, text, header):
    kind = f"text/html; charset={header}" if header else "text/html"
    given_page = page(article(*PARAGRAPHS, text), f'<meta charset="{encoding}">', kind, encoding=encoding)
    assert text in extract(given_page).text


def test_the_version_names_extractor_and_rules():
    assert EXTRACTOR_VERSION.startswith("trafilatura-")
    assert "+rules-" in EXTRACTOR_VERSION


def test_a_language_in_doubt_is_told_from_more_than_the_opening():
    german = (
        "Die Minister sagten, dass die Verhandlungen über den Handel bis zum Ende des Jahres weitergehen werden. " * 9
    )
    found = extract(page(article("ASEAN, OPEC, NATO, WTO, IMF, UNESCO 2026. " * 3, german)))
    assert found.language == "de"
