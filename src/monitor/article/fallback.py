"""trafilatura's comparison with its fallbacks, left out where they cannot win: the same texts for less."""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib.metadata import version

from lxml import etree  # type: ignore[import-untyped]
from trafilatura import core
from trafilatura.external import SANITIZED_XPATH
from trafilatura.readability_lxml import Document as Readability
from trafilatura.settings import Extractor

Compare = Callable[[etree._Element, etree._Element, etree._Element, str, Extractor], tuple[etree._Element, str]]

_READ = "2.3."  # whose comparison was read and tried; another version may choose by other rules
_VIDEO = len(" VIDEO ")  # what readability writes into a frame that it keeps
_LEAST = 25  # characters of a paragraph that readability reckons with
_PARAGRAPHS = ("p", "pre", "td")
_VERBATIM = ("noembed", "noframes", "xmp", "plaintext")  # their text grows when it is written and read again
# a <div> with one of these in it stays what it is
_BLOCKS = ("address", "article", "aside", "audio", "blockquote", "dl", "div", "img", "ol", "p", "pre", "table", "ul")


def skip_lost_comparisons() -> None:
    """Make this process's trafilatura ask `_cannot_win` first; a version that was not read stays as it is."""
    compare = getattr(core, "compare_extraction", None)
    if version("trafilatura").startswith(_READ) and compare is not None and not hasattr(compare, "__wrapped__"):
        core.compare_extraction = _asking_first(compare)  # type: ignore[attr-defined,assignment]


def _asking_first(compare: Compare) -> Compare:
    @functools.wraps(compare)
    def compared(
        cleaned: etree._Element, raw: etree._Element, body: etree._Element, text: str, options: Extractor
    ) -> tuple[etree._Element, str]:
        if _cannot_win(raw, body, text, options):
            return body, text
        return compare(cleaned, raw, body, text, options)

    return compared


def _cannot_win(raw: etree._Element, body: etree._Element, text: str, options: Extractor) -> bool:
    """Whether no fallback can replace what the rules found.

    readability replaces a well-formed text by one twice as long, and all that it can return is text of the page: where
    the page has less, it need not be scored. justext is asked for short texts and for unclean bodies.
    """
    if options.focus != "balanced" or len(text) < options.min_extracted_size or not _is_clean(body):
        return False
    if next(raw.iter(*_VERBATIM), None) is not None:
        return False
    spare = 2 * len(text) - _VIDEO * sum(1 for _ in raw.iter("iframe"))
    return _length(raw) <= spare or not _can_return(_trimmed(raw), spare)


def _trimmed(raw: etree._Element) -> etree._Element:
    """The tree without what readability drops before it scores; dropped twice it is the same."""
    for element in list(raw.iter("script", "style", "fencedframe")):
        element.drop_tree()
    Readability(raw).remove_unlikely_candidates()
    return raw


def _can_return(trimmed: etree._Element, size: int) -> bool:
    """Whether readability may return more than `size` characters.

    It chooses an element that has a paragraph for child or grandchild, and returns it with those of its siblings that
    are paragraphs or might have been chosen themselves; without such an element, all.
    """
    if _may_be_chosen(trimmed) or not any(_says(p) for p in trimmed.iter("p", "pre", "td") if p is not trimmed):
        return True
    large = [trimmed]
    while large:
        parent = large.pop()
        returned = sum(len(text or "") + 1 for text in (parent.text, *(child.tail for child in parent)))
        for child in parent:
            if _becomes_paragraph(child) or _may_be_chosen(child):
                returned += _length(child)
            if len(child.text_content()) > size:
                large.append(child)
        if returned > size:
            return True
    return False


def _may_be_chosen(element: etree._Element) -> bool:
    """Whether a paragraph, or what becomes one, is a child or grandchild."""
    return _has_loose_text(element) or any(
        _is_paragraph(child) or _has_loose_text(child) or any(map(_is_paragraph, child)) for child in element
    )


def _becomes_paragraph(element: etree._Element) -> bool:
    """Whether an element is a paragraph, or a <div> without blocks, which is made one."""
    if element.tag == "div":
        return next(element.iterdescendants(*_BLOCKS), None) is None
    return element.tag in _PARAGRAPHS


def _is_paragraph(element: etree._Element) -> bool:
    return _becomes_paragraph(element) and _says(element)


def _has_loose_text(element: etree._Element) -> bool:
    """Whether text stands in a <div> beside its blocks: it becomes a paragraph."""
    return element.tag == "div" and any(
        text and len(text.strip()) >= _LEAST for text in (element.text, *(child.tail for child in element))
    )


def _says(element: etree._Element) -> bool:
    return _length(element) >= _LEAST


def _length(element: etree._Element) -> int:
    return len(" ".join(element.text_content().split()))


def _is_clean(body: etree._Element) -> bool:
    """Whether a body has paragraphs, no fewer than it has tables, and nothing that an article has not."""
    tables = sum(1 for _ in body.iterdescendants("table"))
    paragraphs = sum(1 for _ in body.iterdescendants("p"))
    return tables <= paragraphs and bool(body.xpath("boolean(.//p//text())")) and not body.xpath(SANITIZED_XPATH)
