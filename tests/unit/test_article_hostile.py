"""Pages that were made to cost time and memory, and characters that XML forbids."""

import os
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.article.extract import extract
from monitor.article.limits import Limits, SlowPageError, soft_time_limit
from monitor.article.plain import without_forbidden
from monitor.records import Page
from tests.unit.article_pages import SENTENCES, URL, article, page

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
