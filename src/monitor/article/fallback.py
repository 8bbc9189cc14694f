"""trafilatura's comparison with its fallbacks, left out where they cannot win: the same texts for less."""

from __future__ import annotations

import functools
from collections.abc import Callable

from lxml import etree  # type: ignore[import-untyped]
from trafilatura import core
from trafilatura.external import SANITIZED_XPATH
from trafilatura.settings import Extractor

Compare = Callable[[etree._Element, etree._Element, etree._Element, str, Extractor], tuple[etree._Element, str]]

_VIDEO = len(" VIDEO ")  # what readability writes into a frame that it keeps


def skip_lost_comparisons() -> None:
    """Make this process's trafilatura ask `_cannot_win` first; a version that is built otherwise stays as it is."""
    compare = getattr(core, "compare_extraction", None)
    if compare is not None and not hasattr(compare, "__wrapped__"):
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
    the whole page has less, the page need not be scored. justext is asked for short texts and for unclean bodies.
    """
    if options.focus != "balanced" or len(text) < options.min_extracted_size:
        return False
    most = len(" ".join(raw.text_content().split())) + _VIDEO * sum(1 for _ in raw.iter("iframe"))
    return most <= 2 * len(text) and _is_clean(body)


def _is_clean(body: etree._Element) -> bool:
    """Whether a body has paragraphs, no fewer than it has tables, and nothing that an article has not."""
    tables = sum(1 for _ in body.iterdescendants("table"))
    paragraphs = sum(1 for _ in body.iterdescendants("p"))
    return tables <= paragraphs and bool(body.xpath("boolean(.//p//text())")) and not body.xpath(SANITIZED_XPATH)
