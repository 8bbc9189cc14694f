"""trafilatura's comparison with its fallbacks, left out where they cannot win: the same texts for less."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trafilatura import core
from trafilatura.external import SANITIZED_XPATH

Compare = Callable[[Any, Any, Any, str, Any], tuple[Any, str]]

_VIDEO = len(" VIDEO ")  # what readability writes into a frame that it keeps


def skip_lost_comparisons() -> None:
    """Make this process's trafilatura ask `_cannot_win` first; a version that is built otherwise stays as it is."""
    compare = getattr(core, "compare_extraction", None)
    if compare is not None and not hasattr(compare, "asks_first"):
        core.compare_extraction = _asking_first(compare)


def _asking_first(compare: Compare) -> Compare:
    def compared(cleaned: Any, raw: Any, body: Any, text: str, options: Any) -> tuple[Any, str]:
        if _cannot_win(raw, body, text, options):
            return body, text
        return compare(cleaned, raw, body, text, options)

    compared.asks_first = True  # type: ignore[attr-defined]
    return compared


def _cannot_win(raw: Any, body: Any, text: str, options: Any) -> bool:
    """Whether no fallback can replace what the rules found.

    readability replaces a well-formed text by one twice as long, and all that it can return is text of the page: where
    the whole page has less, the page need not be scored. justext is asked for short texts and for unclean bodies.
    """
    if options.focus != "balanced" or len(text) < options.min_extracted_size:
        return False
    most = len(" ".join(raw.text_content().split())) + _VIDEO * sum(1 for _ in raw.iter("iframe"))
    return most <= 2 * len(text) and _is_clean(body)


def _is_clean(body: Any) -> bool:
    """Whether a body has paragraphs, more than it has tables, and nothing that an article has not."""
    tables = sum(1 for _ in body.iterdescendants("table"))
    paragraphs = sum(1 for _ in body.iterdescendants("p"))
    return tables <= paragraphs and bool(body.xpath("boolean(.//p//text())")) and not body.xpath(SANITIZED_XPATH)
