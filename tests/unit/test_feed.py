"""Feeds of every format and condition, read without trust."""

import json
import time
import tracemalloc
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feed import folded_title, parse_feed
from monitor.feed.parse import feed_links
from monitor.feed.well_formed import read_well_formed
from monitor.feed.xml_feed import read_xml_feed

NOW = datetime(2026, 11, 22, tzinfo=UTC)
URL = "http://example.com/feed/index.xml"
DATE = "Mon, 04 May 2026 15:07:41 +0700"


def item(title="A title", link="http://example.com/a", date=DATE, more=""):
    linked = f"<link>{link}</link>" if link else ""
    dated = f"<pubDate>{date}</pubDate>" if date else ""
    return f"<item><title>{title}</title>{linked}{dated}<description>Words</description>{more}</item>"


def rss(*items, head='<?xml version="1.0" encoding="utf-8"?>'):
    return f'{head}<rss version="2.0"><channel><title>F</title>{"".join(items)}</channel></rss>'


def parse(document, headers=None, url=URL, **options):
    body = document.encode() if isinstance(document, str) else document
    return parse_feed(body, url, headers, feed_id="f", now=NOW, **options)


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


def test_a_feed_served_as_html_is_a_feed():
    assert parse(rss(item()), {"Content-Type": "text/html"}).status == "ok"


def test_an_empty_feed_is_a_warning():
    assert parse(rss()).status == "warn"


SAID = "Café – “quoted” 東京"


@pytest.mark.parametrize(
    ("encoding", "declared", "header", "text", "status"),
    [
        ("utf-8", "utf-8", "utf-8", SAID, "ok"),
        ("utf-8-sig", "utf-8", "", SAID, "ok"),
        ("utf-16", "utf-16", "", SAID, "ok"),
        ("utf-16-le", "utf-16", "", SAID, "ok"),
        ("utf-32", "utf-32", "", SAID, "ok"),
        ("cp1252", "windows-1252", "", SAID[:15], "ok"),
        ("cp1252", "iso-8859-1", "", SAID[:15], "ok"),
        ("gb18030", "gb2312", "", SAID, "ok"),
        ("shift_jis", "Shift_JIS", "", SAID[-2:], "ok"),
        ("iso-2022-jp", "iso-2022-jp", "", SAID[-2:], "ok"),
        ("koi8-r", "koi8-r", "", "Обзор", "ok"),
        ("utf-8", "utf-8", "iso-8859-1", SAID, "warn"),
        ("utf-8", "windows-1252", "", SAID, "warn"),
        ("utf-8", "no-such-charset", "", SAID, "ok"),
        ("utf-8", "utf-7", "", SAID, "ok"),
        ("shift_jis", "", "shift_jis", SAID[-2:], "ok"),
        ("cp1252", "", "", SAID[:15], "warn"),
    ],
)
def test_charsets_by_evidence(encoding, declared, header, text, status):
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else '<?xml version="1.0"?>'
    headers = {"content-type": f"application/rss+xml; charset={header}"} if header else {}
    parsed = parse(rss(item(text), head=head).encode(encoding), headers)
    assert (parsed.entries[0].title, parsed.status) == (text, status)


def test_stray_bytes_cost_one_character():
    parsed = parse(rss(item("disp@tch Café")).encode().replace(b"@", b"\xff"))
    assert (parsed.entries[0].title, parsed.status) == ("disp\ufffdtch Café", "warn")


BROKEN = {
    "unclosed tag": (rss(item("A", more="<category>open"), item("B", "http://example.com/b")), ["A", "B"]),
    "bare ampersands": (rss(item("A & B: C & D", "http://example.com/x?a=1&b=2")), ["A & B: C & D"]),
    "undeclared entity": (rss(item("Trade&nbsp;talks")), ["Trade\u00a0talks"]),
    "control characters": (rss(item("Be\x07ll &#11;tab")), ["Bell tab"]),
    "white space first": ("\n\n  " + rss(item("A")), ["A"]),
    "unbound prefix": (rss(item("A", more="<x:y>1</x:y>")), ["A"]),
    "nothing after it": (rss(item("A"))[:-5], ["A"]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_xml_keeps_its_entries(name):
    document, titles = BROKEN[name]
    parsed = parse(document)
    assert [entry.title for entry in parsed.entries] == titles
    assert parsed.status in ("ok", "warn")


def test_an_ampersand_in_a_link_stays_one():
    assert parse(BROKEN["bare ampersands"][0]).entries[0].url == "http://example.com/x?a=1&b=2"


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_cut_document_keeps_its_complete_entries(cut):
    document = rss(*(item(f"Title {i}", f"http://example.com/long/path/{i}") for i in range(4)))
    parsed = parse(document[: len(document) * cut // 12])
    complete = document[: len(document) * cut // 12].count("</item>")
    assert [e.url for e in parsed.entries] == [f"http://example.com/long/path/{i}" for i in range(complete)]
    assert parsed.status != "ok"


LAUGHS = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
BOMBS = {
    "laughs": f'<!DOCTYPE r [<!ENTITY a "lol">{LAUGHS}]>' + rss(item("&j;"), head=""),
    "quadratic": f'<!DOCTYPE r [<!ENTITY a "{"x" * 100_000}">]>' + rss(item("&a;" * 5000), head=""),
    "quadratic in small": f'<!DOCTYPE r [<!ENTITY a "{"x" * 150}">]>' + rss(item("&a;" * 50_000), head=""),
    "parameter": '<!DOCTYPE r [<!ENTITY % p "<!ENTITY a \'&#38;b;\'>">%p;<!ENTITY b "&a;&a;">]>'
    + rss(item("&b;"), head=""),
    "after a comment": f'<!-- <rss> --><!DOCTYPE r [<!ENTITY a "lol">{LAUGHS}]>' + rss(item("&j;"), head=""),
}


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entity_bombs_are_refused_at_once(name, encoding):
    tracemalloc.start()
    began = time.process_time()
    try:
        parsed = parse(BOMBS[name].encode(encoding))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert parsed.status == "error:entity"
    assert time.process_time() - began < 2
    assert peak < 50_000_000


def test_external_entities_become_nothing(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("root:x:0:0")
    dtd = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY n SYSTEM "http://127.0.0.1:9/x">]>'
    parsed = parse(rss(item("A &x;&n; B"), head='<?xml version="1.0"?>' + dtd))
    assert [entry.title for entry in parsed.entries] == ["A B"]
    assert parsed.status == "warn"


def test_small_entities_of_an_old_feed_are_put_in():
    dtd = '<!DOCTYPE rss PUBLIC "-//N//DTD" "http://x/y.dtd" [<!ENTITY eacute "&#233;"><!ENTITY co \'A]B\'>]>'
    assert parse(rss(item("Caf&eacute; &co;"), head=dtd)).entries[0].title == "Café A]B"


def test_a_body_that_is_a_path_is_not_opened(tmp_path):
    secret = tmp_path / "feed.xml"
    secret.write_text(rss(item()))
    assert parse(str(secret)).entries == ()


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


@pytest.mark.parametrize(
    ("date", "raw"),
    [("Fri, 01 Jan 2099 00:00:00 GMT", True), ("sometime last Tuesday", True), ("", False), ("1970-01-01", True)],
)
def test_implausible_dates_leave_the_entry_undated(date, raw):
    parsed = parse(rss(item(date=date)))
    assert parsed.status == "warn"
    assert parsed.entries[0].published_at is None
    assert (parsed.entries[0].published_raw is not None) == raw


def test_the_feeds_zone_counts_where_the_date_has_none():
    parsed = parse(rss(item(date="4 May 2026 15:07")), zone="Asia/Phnom_Penh")
    assert parsed.entries[0].published_at.hour == 8


HOSTILE = ["&lt;script&gt;alert(1)&lt;/script&gt; x", "=cmd|' /C calc'!A1", "\u202eevil\u202c", "{{7*7}}", "A" * 5000]


def test_numbers_of_thousands_of_digits_are_none_at_all():
    digits = "9" * 5000
    parsed = parse_feed(
        f"""<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><ttl>{digits}</ttl>
        <sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>{digits}</sy:updateFrequency>
        <item><title>T</title><link>http://example.com/1</link></item></channel></rss>""".encode(),
        "http://example.com/feed",
    )
    assert (len(parsed.entries), parsed.ttl) == (1, 86_400)


def test_hostile_titles_are_kept_as_text():
    titles = [e.title for e in parse(rss(*(item(t, f"http://example.com/{i}") for i, t in enumerate(HOSTILE)))).entries]
    assert titles == ["<script>alert(1)</script> x", *HOSTILE[1:]]


def test_a_title_is_one_line():
    entries = parse(rss(item("Rice\u2028and\u2029tea\x85and\ncoffee", "http://example.com/1"))).entries
    assert [e.title for e in entries] == ["Rice and tea and coffee"]


def test_what_the_feed_asks_of_its_readers():
    document = rss("<ttl>90</ttl><language>en-au</language>", item())
    parsed = parse(document)
    assert (parsed.ttl, parsed.language) == (5400, "en-au")


def test_the_next_archive_of_rfc_5005():
    link = '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="prev-archive" href="/2026-04.xml"/>'
    assert parse(rss(link, item())).next_archive == "http://example.com/2026-04.xml"


def test_five_thousand_entries():
    document = rss(*(item(f"T{i}", f"http://example.com/{i}", "4 Foo 2026 bar") for i in range(5000)))
    began = time.process_time()
    assert len(parse(document).entries) == 5000
    assert time.process_time() - began < 30


def test_titles_fold_case_punctuation_and_width():
    assert folded_title("“A Ｔitle” — of sorts!") == folded_title("a title of sorts")
    assert folded_title("東京") != folded_title("京都")


def has_control(text):
    return any(unicodedata.category(c) == "Cc" for c in text)


@given(st.text(max_size=80), st.text(max_size=40))
def test_any_text_in_a_title_or_link_parses(title, link):
    escaped = title.replace("&", "&amp;").replace("<", "&lt;")
    parsed = parse(rss(item(escaped, link.replace("&", "&amp;").replace("<", "&lt;"))).encode("utf-8", "replace"))
    assert not any(has_control(e.title) for e in parsed.entries)


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"<rss><channel><item>", b"<feed><entry><title>", b'{"items":[', b"\xff\xfe"]),
)
def test_any_bytes_parse(noise, start):
    parsed = parse(start + noise)
    assert parsed.status == "ok" or parsed.note
    assert not any(has_control(e.title) for e in parsed.entries)


UNCLOSED = [
    "<link ",
    "<rss ",
    "<url>",
    "<!ENTITY a '",
    "&#0",
    "<a href=",
    "<!--",
    "<![CDATA[",
    "<item>",
    "<title>",
    "&amp",
]


@pytest.mark.parametrize("piece", UNCLOSED)
@pytest.mark.parametrize("start", ["", "<html>", "<!DOCTYPE r [", '<rss version="2.0"><channel>'])
def test_repeated_unclosed_pieces_cost_linear_time(piece, start):
    began = time.process_time()
    parse(start + piece * 20_000)
    assert time.process_time() - began < 4


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


def test_xhtml_in_atom():
    document = """<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><link href="http://example.com/a"/>
    <title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">One <em>two</em></div></title><content type="xhtml">
    <div xmlns="http://www.w3.org/1999/xhtml">1 &lt; 2<p>A <b>b</b></p> tail</div></content></entry></feed>"""
    (entry,) = parse(document).entries
    assert (entry.title, entry.content) == ("One two", "1 &lt; 2<p>A <b>b</b></p> tail")
