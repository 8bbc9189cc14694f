"""Search: names by any spelling, sources, and words in titles and texts."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from markupsafe import Markup

from dashboards.page import Asked, Page
from dashboards.pages import parts
from dashboards.reading import rows

SHORT = 150  # letters of a passage that was not cut
MOST = 40  # articles of one page
LEAST = 3  # letters below which texts are not searched: half of them would match
MOST_WORDS = 300_000_000  # of texts that are searched for one page: some two seconds


def search(asked: Asked) -> Page:
    """What the words find, within the chosen range."""
    words = asked.params.words
    since, until = asked.copy.span(asked.params.weeks, asked.params.until)
    values: dict[str, Any] = {
        "words": words,
        "names": [],
        "articles": [],
        "since": since,
        "until": until,
        "least": LEAST,
        "most": MOST,
        "texts_since": since,
    }
    if words:
        values["names"] = rows(asked.archive, "page_search_names", words=words, limit=12)
    if len(words) >= LEAST:
        texts_since = values["texts_since"] = reach(asked, since, until)
        span = {"since": since, "until": until, "texts_since": texts_since}
        found = rows(asked.archive, "page_search", words=words, **span, limit=MOST)
        values["articles"] = [row | {"html": highlighted(row["excerpt"] or "", words)} for row in found]
    return Page("search.html", f"Search: {words}" if words else "Search", values)


def reach(asked: Asked, since: date, until: date) -> date:
    """The first week whose texts are searched: as far back from the last one as the words of the texts allow."""
    total, first = 0, until
    for week in rows(asked.archive, "page_text_weeks", since=since, until=until):
        total += week["words"]
        if total > MOST_WORDS:
            return first
        first = week["week"]
    return since


def highlighted(text: str, words: str) -> Markup:
    """A passage with the words marked, without the halves of words at its ends."""
    passage = " ".join(text.split())
    head, tail = passage[:60].find(" "), passage[-60:].rfind(" ")
    if len(passage) > SHORT and head >= 0 and tail >= 0 and words.casefold() in passage.casefold()[head : tail - 60]:
        passage = passage[head + 1 : len(passage) - 60 + tail]
    spans = [match.span() for match in re.finditer(re.escape(words), passage, re.IGNORECASE)]
    return parts.marked(passage, spans)
