"""The comparison with the fallbacks is left out only where it cannot change the text."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trafilatura import core

from monitor.article.extract import extract
from monitor.records import Page

URL = "https://www.example.com/2026/05/a-page"
ASKING = core.compare_extraction
SENTENCE = "officials, said that the review of trade rules would go on, and none of it is settled until May. Ports"
WORDS = SENTENCE.split()
SHAPES = (
    "<p>{0}</p>",
    "<div class='story'><p>{0}</p><p>{1}</p></div>",
    "<div>{0}<br>{1}</div>",
    "<ul><li>{0}</li><li><a href='/x'>{1}</a></li></ul>",
    "<table><tr><td>{0}</td><td>{1}</td></tr></table>",
    "<div class='sidebar'><h3><a href='/y'>{0}</a></h3><p>{1}</p></div>",
    "<aside><p>{0}</p></aside>",
    "<section><div><div>{0}</div></div><blockquote>{1}</blockquote></section>",
    "<iframe src='https://www.youtube.com/embed/1'>{0}</iframe>",
    "<pre>{0}</pre>",
)
FRAMES = (
    "<div>{0}</div>",
    "<div class='rail'>{0}</div>",
    "<section>{0}</section>",
    "<div>{1}{0}</div>",
    "<div>{0}{1}</div>",
    "<section>{1}<div>{0}</div>{1}</section>",
    "<div class='comments'>{0}</div>",
    "<div><div>{0}</div><br>{1}</div>",
)


def made(seed, blocks):
    chance = random.Random(seed)

    def text():
        return " ".join(chance.choices(WORDS, k=chance.choice((3, 12, 40, 90))))

    def part():
        inner = "".join(chance.choice(SHAPES).format(text(), text()) for _ in range(blocks))
        for _ in range(chance.randrange(4)):
            inner = chance.choice(FRAMES).format(inner, text())
        return inner

    body = f"<main><article><h1>A page</h1>{part()}</article>{part()}</main>{part()}"
    return f"<!doctype html><html><head><title>A page</title></head><body>{body}</body></html>"


def extracted(html):
    return extract(Page(URL, URL, html.encode(), "text/html; charset=utf-8"), with_metadata=False)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 9))
def test_the_text_is_what_it_is_with_the_comparison(seed, blocks):
    html = made(seed, blocks)
    with pytest.MonkeyPatch.context() as patch:
        asked_first = extracted(html)
        patch.setattr(core, "compare_extraction", ASKING.__wrapped__)
        assert extracted(html) == asked_first


def paragraphs(count):
    return "".join(f"<p>{' '.join(WORDS * 3)} {number}.</p>" for number in range(count))


@pytest.mark.parametrize(
    ("beside", "is_asked"),
    [
        ("", False),
        (f"<div class='rail'>{paragraphs(3)}</div>", False),
        (f"<div class='rail'>{paragraphs(30)}</div>", True),
    ],
)
def test_readability_is_asked_where_the_page_has_twice_the_text(monkeypatch, beside, is_asked):
    asked = []
    monkeypatch.setattr("trafilatura.external.ReadabilityDocument", lambda *given, **_: asked.append(given))
    html = f"<html><body><main><article><h1>A page</h1>{paragraphs(8)}</article>{beside}</main></body></html>"
    assert extracted(html).status == "full"
    assert bool(asked) == is_asked


def test_a_short_text_is_compared(monkeypatch):
    asked = []
    monkeypatch.setattr("trafilatura.external.ReadabilityDocument", lambda *given, **_: asked.append(given))
    extracted("<html><body><article><p>Officials said that the review of trade rules would go on.</p></article></body>")
    assert asked


def test_only_one_wrapper_stands_before_the_comparison():
    from monitor.article.fallback import skip_lost_comparisons

    skip_lost_comparisons()
    assert core.compare_extraction is ASKING
    assert not hasattr(ASKING.__wrapped__, "__wrapped__")


def test_a_version_that_was_not_read_is_left_as_it_is(monkeypatch):
    from monitor.article import fallback

    monkeypatch.setattr(core, "compare_extraction", ASKING.__wrapped__)
    monkeypatch.setattr(fallback, "version", lambda _: "2.4.0")
    fallback.skip_lost_comparisons()
    assert core.compare_extraction is ASKING.__wrapped__
