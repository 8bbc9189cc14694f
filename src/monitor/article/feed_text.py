"""Whether a feed gives whole articles."""

from __future__ import annotations

import re

from monitor.article.plain import count_words, extract_html_summary
from monitor.records import Entry, Feed

_FULL_WORDS = 150
_TRUNCATED = re.compile(
    r"(?:\[(?:…|\.\.\.|&#8230;)\]|…|\.\.\.|(?:read|continue|see) (?:more|reading|on|the (?:full|rest))\b.{0,80}"
    r"|read the (?:full|whole).{0,60})\W*$",
    re.IGNORECASE,
)


def feed_text_is_full(entry: Entry, feed: Feed) -> bool:
    """Whether the feed gave the whole article, so that the page need not be fetched. `Feed.full_text` decides first."""
    if feed.full_text is not None:
        return feed.full_text and bool(entry.content)
    if not entry.content:
        return False
    text = extract_html_summary(entry.content)
    words = count_words(text)
    summary = count_words(extract_html_summary(entry.summary or "")) if entry.summary else 0
    return words >= _FULL_WORDS and words >= 1.5 * summary and not _TRUNCATED.search(text[-300:])
