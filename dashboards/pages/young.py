"""The first page before the first whole week is over: since when it observes, what it has, what it cannot say yet."""

from __future__ import annotations

from datetime import timedelta

from dashboards import words
from dashboards.page import Asked, Page
from dashboards.pages import parts
from dashboards.reading import rows


def young(asked: Asked, here: str = "") -> Page:
    """What was seen so far of the week to date, in place of page `here`; nothing is compared."""
    week = asked.copy.open_week
    seen = rows(asked.archive, "page_weeks", since=week, until=week) if week else []
    articles = seen[0]["observed_articles"] or 0 if seen else 0
    if not week or not articles:
        return Page("empty.html", "Nothing observed yet", {"here": here, "cold": words.cold_start(0, None)})
    listed = [row for row in parts.ranking(asked, week, "", 15) if row["articles"]]
    first = listed[0]["entity_id"] if listed else ""
    values = {
        "here": here, "week": week, "over": week + timedelta(days=7), "articles": articles, "listed": listed,
        "sources": seen[0]["sources"], "cold": words.cold_start(0, asked.copy.first_week)[1:],
        "focus": asked.copy.names.get(first),
        "evidence": parts.evidence_rows(asked, first, week, week, 6) if first else [],
    }  # fmt: skip
    return Page("young.html", "The first week", values)
