"""Search: names by any spelling, sources, and words in titles and texts."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup

from dashboards.page import Asked, Page
from dashboards.pages import parts
from dashboards.reading import rows

LEAST = 3  # letters below which texts are not searched: half of them would match


def search(asked: Asked) -> Page:
    """What the words find, within the chosen range."""
    words = asked.params.q
    since, until = asked.copy.span(asked.params.weeks, asked.params.until)
    values: dict[str, Any] = {
        "words": words,
        "names": [],
        "articles": [],
        "since": since,
        "until": until,
        "least": LEAST,
    }
    if words:
        values["names"] = rows(asked.archive, "page_search_names", words=words, limit=12)
    if len(words) >= LEAST:
        found = rows(asked.archive, "page_search", words=words, since=since, until=until, limit=40)
        values["articles"] = [row | {"html": highlighted(row["excerpt"] or "", words)} for row in found]
    return Page("search.html", f"Search: {words}" if words else "Search", values)


def highlighted(text: str, words: str) -> Markup:
    """A passage with the words marked, cut at its own words."""
    passage = " ".join(text.split())
    spans = [match.span() for match in re.finditer(re.escape(words), passage, re.IGNORECASE)]
    return parts.marked(passage, spans)
