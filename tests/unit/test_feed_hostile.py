"""Feeds that were made to cost time and memory, to read files, or to be run where they are shown."""

import time
import tracemalloc

import pytest

from monitor.feed import parse_feed
from tests.unit.feed_xml import item, parse, rss

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


def test_five_thousand_entries():
    document = rss(*(item(f"T{i}", f"http://example.com/{i}", "4 Foo 2026 bar") for i in range(5000)))
    began = time.process_time()
    assert len(parse(document).entries) == 5000
    assert time.process_time() - began < 30


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
