"""Canonical URLs fold variants of one page and keep different pages apart."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.urls import absolute_url, article_id, canonical_url, same_site, site_of

SAME = [
    ("http://example.com/a", "https://www.example.com/a/"),
    ("https://example.com/a?utm_source=rss&utm_medium=feed&id=3", "https://example.com/a?id=3"),
    ("https://example.com/a?fbclid=abc", "https://example.com/a#section-2"),
    ("https://example.com:443/a", "http://EXAMPLE.com:80/a"),
    ("https://m.example.com/a", "https://example.com/a"),
    ("https://amp.example.com/a", "https://example.com/a/amp/"),
    ("https://example.com/amp/a", "https://example.com/a.amp"),
    ("https://example.com/a.amp.html", "https://example.com/a.html?amp=1"),
    ("https://www.google.com/amp/s/example.com/a", "https://example.com/a"),
    ("https://example-com.cdn.ampproject.org/c/s/example.com/a", "https://example.com/a"),
    ("https://example.com/caf%c3%a9", "https://example.com/café"),
    ("https://example.com/%7euser/%61", "https://example.com/~user/a"),
    ("https://bücher.example/x", "https://xn--bcher-kva.example/x"),
    ("https://example.com/a/../b/./c", "https://example.com/b/c"),
    ("https://example.com/a?b=2&a=1", "https://example.com/a?a=1&b=2"),
    ("https://example.com", "https://example.com/?utm_campaign=x"),
    ("https://example.com/a?ref=rss", "https://example.com/a?source=newsletter"),
    ("  https://example.com/a\n", "https://example.com/a"),
    ("https://user:pw@example.com./a", "https://example.com/a"),
    ("http://127.1/x", "http://2130706433/x"),
    ("http://0x7f000001/x", "http://127.0.0.1/x"),
    ("http:\\\\example.com\\a", "http://example.com/a"),
    ("https://example.com/a/amp.amp", "https://example.com/a"),
    ("https://example.com/a.amp.html.amp", "https://example.com/a.html"),
    ("https://①/x", "http://0.0.0.1/x"),
    ("https://①②⑦.1/x", "http://127.0.0.1/x"),
    ("https://x.cdn.ampproject.org./c//s/example.com/a", "https://example.com/a"),
]
DIFFERENT = [
    ("https://example.com/?p=1", "https://example.com/?p=2"),
    ("https://example.com/a", "https://example.com/A"),
    ("https://example.com/a?page=2", "https://example.com/a"),
    ("https://news.example.com/a", "https://example.com/a"),
    ("https://example.com/#!/story/1", "https://example.com/#!/story/2"),
    ("https://m.co.uk/a", "https://co.uk/a"),
    ("https://example.com/a?ref=3", "https://example.com/a?ref=4"),
    ("http://127.0.1.1:8801/a", "http://127.0.1.2:8801/a"),
    ("https://example.com/a%2Fb", "https://example.com/a/b"),
    ("https://example.com/a?q=b%26c=d", "https://example.com/a?q=b&c=d"),
]
REFUSED = [
    "",
    " ",
    "javascript:alert(1)",
    "data:text/html,hi",
    "file:///etc/passwd",
    "ftp://h/x",
    "gopher://127.0.0.1:70/_x",
    "mailto:a@b.c",
    "//",
    "http://",
    "http:///x",
    "https://[::1",
    "http://a:99999/",
    "http://a:x/",
    "http://1.2.3.4.5.6/",
    "http://999.1.1.1/",
    "http://exa mple.com/",
    "http://-/",
    "/relative",
    "tel:+1",
    "http://a..b/",
    "http://x:0/",
    "java\nscript:alert(1)",
    "http://" + "a" * 300 + ".com/",
    "https://example.com/" + "a" * 9000,
    "http://www.①.2.3.4.5/",
    "http://[fe80::1%25eth0]/",
]


@pytest.mark.parametrize(("one", "two"), SAME)
def test_variants_of_one_page_share_a_key(one, two):
    assert canonical_url(one) == canonical_url(two) is not None


@pytest.mark.parametrize(("one", "two"), DIFFERENT)
def test_different_pages_keep_different_keys(one, two):
    assert canonical_url(one) != canonical_url(two)


@pytest.mark.parametrize("url", REFUSED)
def test_what_is_no_web_page_has_no_key(url):
    assert canonical_url(url) is None
    assert absolute_url(url) is None


@pytest.mark.parametrize(
    "url",
    ["http://0x7f000001:1/x", "http://127.1:1/x", "http://[::ffff:1.2.3.4]/", "http://[::1]:9/x", "http://0.0.0.0/"],
)
def test_odd_hosts_do_not_crash(url):
    assert canonical_url(url).startswith("https://")


def test_relative_links_resolve_against_their_base():
    assert canonical_url("/b?x=1", "http://example.com/a/feed.xml") == "https://example.com/b?x=1"
    assert absolute_url("c d", "http://example.com/a/feed.xml") == "http://example.com/a/c%20d"


def test_the_link_to_fetch_keeps_scheme_host_and_parameters():
    url = "http://www.example.com/a/?utm_source=rss&b=2&a=1"
    assert absolute_url(url + "#top") == url


def test_article_ids_are_signed_64_bit_and_stable():
    assert article_id("https://example.com/a") == 3300586899789585404
    assert all(-(2**63) <= article_id(f"https://example.com/{i}") < 2**63 for i in range(50))


def test_site_folds_www_but_not_addresses():
    assert site_of("https://www.Example.com/a") == site_of("http://example.com:8080") == "example.com"
    assert site_of("http://127.0.1.7:8801/x") == "127.0.1.7"
    assert site_of("javascript:1") == ""


def test_a_site_has_subdomains_but_suffixes_and_addresses_have_none():
    assert same_site("https://news.example.com/a", "https://www.example.com/b")
    assert not same_site("https://example.com/a", "https://example.org/a")
    assert not same_site("https://evilexample.com/a", "https://example.com/a")
    assert not same_site("https://a.co.uk/", "https://co.uk/")
    assert not same_site("http://127.0.0.1/", "http://7.127.0.0.1/")


@given(st.text(max_size=60) | st.text(alphabet="htps:/.?#&=%[]@\\ambw12x0é\u202e ", max_size=60))
def test_no_text_crashes(text):
    canonical_url(text)
    canonical_url(text, "https://example.com/feed/")
    absolute_url(text)
    site_of(text)


urls = st.builds(
    lambda host, path, query, fragment: f"http://{host}/{path}?{query}#{fragment}",
    st.sampled_from(["example.com", "www.m.example.org", "[::ffff:1.2.3.4]", "bücher.example", "0x7f.1", "m.co.uk"]),
    st.text(alphabet=string.ascii_letters + "/.%2famp é&=;~", max_size=20),
    st.text(alphabet=string.ascii_letters + "=&%20;é+[]utm_", max_size=20),
    st.text(alphabet="!/abcé", max_size=5),
)


@given(urls)
def test_the_key_of_a_key_is_itself(url):
    key = canonical_url(url)
    assert key is not None
    assert canonical_url(key) == key


PIECES = """
    http:// https: // / .. . %2e %00 ? & = # ! amp .amp .html www. m. a.example co.uk [::1] 127.1 0x7f.1 :80
    :99999 :0 @ \\ ü %zz %E2%98 %25 %2f %3f %40 %31 %2541 x.cdn.ampproject.org/ www.google.com/amp/ /c/s/ /c/ amp/
    ref=rss utm_x=1 amp=1 xn-- 。 ① ２ [ ] :: ß İ % ; a
""".split()  # noqa: SIM905  # they read better as words


@given(st.lists(st.sampled_from([*PIECES, "\ud800", "\u200b", " ", "\t"]), max_size=10).map("".join))
@example("a.example/a/amp.amp")
@example("a.example/a.amp.html.amp")
@example("a.example/..amp/a")
@example("a.example/a/..amp")
@example("①")
@example("www.①")
@example("127.1\u200b")
@example("%3a%3a%2541")
@example("x.cdn.ampproject.org/c/]co.uk")
@example("x.cdn.ampproject.org/c//co.uk")
@example("x.cdn.ampproject.org/amp/c/co.uk")
@example("x.cdn.ampproject.org/c/[@co.uk")
@example("x.cdn.ampproject.org./c/co.uk")
@example("www.google.com//amp/s/co.uk")
@example("a.example/" + "é" * 4000)
def test_the_key_of_a_key_is_itself_whatever_the_address_is_made_of(text):
    for url in (text, f"https://{text}"):
        key = canonical_url(url)
        assert key is None or canonical_url(key) == key


@given(urls)
@example("http://example.com/?&%#")
def test_the_link_to_fetch_has_the_same_key(url):
    link = absolute_url(url)
    assert link is not None
    assert link.isascii() or "#" in link
    assert canonical_url(link) == canonical_url(url)


@given(urls, st.sampled_from(["utm_source=x", "fbclid=1", "gclid=2", "mc_cid=3"]))
def test_tracking_never_changes_a_key(url, parameter):
    head, _, fragment = url.partition("#")
    assert canonical_url(f"{head}&{parameter}#{fragment}") == canonical_url(url)
