"""Pages become articles, or say why not."""

import os
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.article.boilerplate import spans
from monitor.article.extract import extract
from monitor.article.feed_text import feed_text_is_full
from monitor.article.limits import Limits, SlowPageError, soft_time_limit
from monitor.article.plain import count_words, extract_html_summary, line_hash, line_hashes, without_forbidden
from monitor.article.version import EXTRACTOR_VERSION
from monitor.records import Entry, Feed, Page

URL = "https://www.example.com/2026/05/a-page"
SENTENCES = [
    "Officials in Cambodia said the review of regional trade rules would continue through the next quarter.",
    "Analysts argue that Viet Nam has more room for manoeuvre than its neighbours often assume in such negotiations.",
    "None of this is settled, and the next round of consultations will show how much of the text survives contact.",
    "What matters now is whether the promised funding arrives on time and whether the agencies can spend it well.",
    "A realistic assessment would separate what was announced from what was budgeted, and that from what was built.",
    "Seen from the ports and the customs posts, the argument looks different: traders ask for fewer forms and fees.",
]
PARAGRAPHS = [" ".join(SENTENCES[i : i + 2]) for i in (0, 2, 4)]


def page(body="", head="", content_type="text/html; charset=utf-8", url=URL, encoding="utf-8"):
    text = f'<!doctype html><html lang="en"><head><title>A page</title>{head}</head><body>{body}</body></html>'
    return Page(url, url, text.encode(encoding, "xmlcharrefreplace"), content_type)


def article(*paragraphs, before="", after=""):
    inner = "".join(f"<p>{p}</p>" for p in paragraphs or PARAGRAPHS)
    return f"{before}<main><article><h1>A page</h1>{inner}</article>{after}</main>"


def counted(found):
    inside = {i for start, end in found.boilerplate for i in range(start, end)}
    return "".join(c for i, c in enumerate(found.text) if i not in inside)


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


SHELL = (
    '<div id="root"></div><noscript>You need to enable JavaScript to run this app.</noscript>'
    '<script src="/a.js"></script>'
)
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


HOSTILE = {
    "deep": "<div>" * 5000 + article() + "</div>" * 5000,
    "long table": article(after="<table>" + "<tr><td>1</td><td>row of the annex</td></tr>" * 20_000 + "</table>"),
    "many links": article(after='<p><a href="/x">a link</a> words</p>' * 9000),
    "long list": article(after="<ul>" + "<li>an item of the list</li>" * 12_000 + "</ul>"),
    "nested tables": article() + "<table><tr><td>" * 400 + "x" + "</td></tr></table>" * 400,
    "unclosed": article() + "<b><i>" * 8000,
    "attributes": f"<div {' '.join(f'a{i}=1' for i in range(5000))}>" + article() + "</div>",
    "open wrappers": "<div" * 200_000 + article(),
    "open tags in a row": "<div>" * 300 + "<b " * 200_000,
    "one line": article("x " * 400_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_cost_bounded_time(name):
    began = time.process_time()
    found = extract(page(HOSTILE[name]))
    assert time.process_time() - began < 4
    assert found.status in ("full", "partial", "metadata")
    assert found.reason or name in ("attributes", "one line", "nested tables", "unclosed", "open wrappers")


def test_a_deep_page_keeps_its_text():
    found = extract(page(HOSTILE["deep"]))
    assert (found.reason, SENTENCES[0] in found.text) == ("deep", True)


def test_a_page_over_its_time_is_metadata():
    found = extract(page(article(*(f"{s} {i}" for i in range(800) for s in SENTENCES))), limits=Limits(seconds=0.005))
    assert (found.status, found.reason) == ("metadata", "extraction_timeout")


def test_the_soft_limit_does_nothing_outside_the_main_thread():
    outcome = []

    def work():
        with soft_time_limit(0.001):
            time.sleep(0.01)
        outcome.append("done")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert outcome == ["done"]


def swallows_everything():
    try:
        time.sleep(1)
    except Exception:  # noqa: BLE001 - as the extractor does
        return "swallowed"


def test_the_soft_limit_is_not_swallowed_by_a_handler():
    with pytest.raises(SlowPageError), soft_time_limit(0.01):
        swallows_everything()


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"<html><body>", b"<p><article><table>"]),
    st.sampled_from(["text/html", "", "x"]),
)
def test_any_bytes_give_an_article_or_a_reason(noise, start, kind):
    found = extract(Page(URL, URL, start + noise, kind))
    assert found.status == "full" or found.reason
    assert not (found.reason or "").startswith("extraction_")


TEXT = "\n".join(PARAGRAPHS)
BOILERPLATE = [
    "By Mei Tan",
    "By John Okafor and Ana Souza, Phnom Penh",
    "Sok Dara is a senior fellow at the Institute for Regional Studies in Cambodia.",
    "Dr Lena Vogel and Ana Souza are researchers with an observatory in Johannesburg.",
    "About the author: she has lived in Laos.",
    "The author is based in Singapore.",
    "Subscribe to our newsletter for more on Indonesia",
    "Sign up for weekly analysis of China",
    "Follow us on Facebook and X",
    "Read more: Japan and the question of rice",
    "Related stories",
    "This article was originally published in the Jakarta Post.",
    "The views expressed are those of the author and not of the Government of Australia.",
    "The post Trade talks appeared first on Example.",
    "© 2026 Example, Singapore. All rights reserved.",
    "Photo: Jane Doe / Flickr",
]


@pytest.mark.parametrize("line", BOILERPLATE)
def test_boilerplate_lines_at_the_end_are_found(line):
    text = f"{TEXT}\n{line}"
    assert spans(text) == ((len(TEXT) + 1, len(text)),)


ARTICLE_LINES = [
    "By 2030 China will have spent more than any of its neighbours on ports and railways in the region.",
    "Cambodia is a member of the Association and has twice held its chair.",
    "President Marcos is a frequent guest in Tokyo, and Japan has noticed.",
    "Support for the pact has fallen in Thailand, where prices rose by a fifth.",
    "Support US sanctions or lose the market: that, Jakarta fears, is the choice.",
    "Follow US policy in Asia long enough and its returns to the Philippines come as no surprise.",
    "Join US troops in Darwin for a day and the shape of the alliance becomes clear.",
    "Donating rice to Laos was the easy part, and Viet Nam did it without delay.",
    "Sponsored by China, the port in Sri Lanka was to pay for itself within a decade of its opening to ships.",
    "Copyright law in Australia is older than the web, and its courts are older still.",
    "The views expressed in Jakarta last week were not those of Kuala Lumpur.",
    "Published by the ministry in Hanoi in May, the plan has since been revised twice, each time to spend less.",
    "Prabowo Subianto is the president of Indonesia, and Indonesia wants him at home.",
    "More in Fiji than in Samoa, voters asked who would pay.",
    "More on this will be known when the ministers of Viet Nam and Laos meet; until then both capitals keep silent, "
    "and what is said in private differs from what is said in public.",
    "Related disputes in the South China Sea have taken years to settle, and each has cost the claimants more than "
    "they expected when they first sent their ships, their lawyers and their surveyors to the shoals and the reefs.",
]


@pytest.mark.parametrize("line", ARTICLE_LINES)
def test_lines_of_the_article_are_not_taken_for_boilerplate(line):
    assert spans(f"{PARAGRAPHS[0]}\n{line}\n{PARAGRAPHS[1]}\n{PARAGRAPHS[2]}") == ()
    assert spans(f"{TEXT}\n{line}") == ()


def test_related_headlines_go_with_their_heading():
    text = f"{TEXT}\nRelated articles\nTen things to know about Fiji\nNauru votes again"
    assert text[slice(*spans(text)[0])].endswith("Nauru votes again")


def test_lines_known_from_the_source_are_boilerplate():
    line = "Example is an independent journal of Pacific affairs"
    known = frozenset(line_hashes(line))
    assert spans(f"{line}\n{TEXT}", known) == ((0, len(line)),)
    assert spans(f"{line}\n{TEXT}") == ()


def test_line_hashes_disregard_case_and_space_and_skip_short_lines():
    assert line_hashes("Sign up for our edition now\nsign up  for OUR EDITION now!\nYes\n") == line_hashes(
        "Sign up for our edition now"
    )


def test_lines_that_differ_in_a_figure_say_different_things():
    assert len(line_hashes("Dispatch 12: officials met diplomats\nDispatch 13: officials met diplomats")) == 2


@given(st.text(max_size=60))
def test_a_line_is_hashed_by_its_letters_and_digits(line):
    letters = "".join(c for c in line.casefold() if c.isalnum())
    assert line_hash(line) == (line_hash(letters) if len(letters) >= 12 else None)
    assert line_hash(line) == line_hash(" -".join(line))


def test_line_hashes_are_signed_64_bit_numbers_of_distinct_lines():
    assert len(line_hashes("A long enough line\nAnother line of text")) == 2
    assert all(-(2**63) <= h < 2**63 for h in line_hashes(TEXT))


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


def test_the_version_names_extractor_and_rules():
    assert EXTRACTOR_VERSION.startswith("trafilatura-")
    assert "+rules-" in EXTRACTOR_VERSION


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork to keep the limit to a child")
def test_memory_can_be_limited():
    child = os.fork()
    if child == 0:
        from monitor.article.limits import limit_memory

        limit_memory(64)
        try:
            bytearray(512 * 1024 * 1024)
        except MemoryError:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


FORBIDDEN = ["\x07", "\x08", "\x0b", "\x0c", "\x1b", "\ufffe", "&#7;", "&#x1B;", "&#11;", "&#xFFFF;", "&#65534;", "&#8"]


@pytest.mark.parametrize("stray", FORBIDDEN)
def test_a_stray_control_character_does_not_cost_the_text(stray):
    paragraphs = "".join(
        f"<p>Officials said on item {i} that the {stray}review of trade would go on through the quarter as planned, "
        f"and that the price of rice in case {i} kept climbing.</p>"
        for i in range(6)
    )
    html = f"<html><head><title>Rice{stray} prices</title></head><body><article>{paragraphs}</article></body></html>"
    found = extract(Page("http://e.com/a", "http://e.com/a", html.encode(), "text/html; charset=utf-8"))
    assert (found.status, found.reason) == ("full", None)
    assert "Officials said on item 5" in found.text
    assert "the review of trade" in " ".join(found.text.split())
    assert found.title == "Rice prices"


def test_titles_and_authors_of_linked_data_hold_no_control_characters():
    said = (
        '{"@type": "NewsArticle", "datePublished": "2026-05-04", "headline": "Rice\\u0007\\u001b[31m is\\u2028up"'
        ', "author": {"name": "A\\u0008 B\\n"}}'
    )
    html = f"<html><head><script type='application/ld+json'>{said}</script></head><body><p>x</p></body></html>"
    found = extract(Page("http://e.com/a", "http://e.com/a", html.encode(), "text/html"))
    assert (found.title, found.author) == ("Rice[31m is up", "A B")


@given(
    st.text(st.characters(codec=None, exclude_categories=()), max_size=60),
    st.sampled_from(("", "&#1;", "\x0c", "\ufffe", "\ud800", "\x01")),
)
def test_what_xml_forbids_goes_and_nothing_else(text, forbidden):
    kept = "".join(
        " " if c in "\x0b\x0c" else c
        for c in text
        if not (c < "\t" or "\r" < c < " " or c in "\ufffe\uffff" or "\ud800" <= c <= "\udfff")
    )
    if "&#" not in kept:
        assert without_forbidden(text + forbidden) == kept + (" " if forbidden == "\x0c" else "")


def test_a_language_in_doubt_is_told_from_more_than_the_opening():
    german = (
        "Die Minister sagten, dass die Verhandlungen über den Handel bis zum Ende des Jahres weitergehen werden. " * 9
    )
    found = extract(page(article("ASEAN, OPEC, NATO, WTO, IMF, UNESCO 2026. " * 3, german)))
    assert found.language == "de"
