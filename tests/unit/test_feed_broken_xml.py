"""Documents that are broken, cut or full of any bytes keep the entries that are there."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.feed_xml import item, parse, rss

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
