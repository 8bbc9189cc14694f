"""The sentences behind a point: every article that was counted, and the denominator it was counted in."""

from __future__ import annotations

from datetime import date, timedelta

from dashboards import pinned, words
from dashboards.page import Asked, Figure, NotThereError, Page
from dashboards.pages import parts
from dashboards.pages.entity import named
from dashboards.reading import frame

MOST_ROWS = 20_000  # articles in one CSV or JSON
KEPT = (
    "week", "publisher", "title", "url", "published_at", "field", "zone", "form", "surface", "sentence", "article_id",
)  # fmt: skip


def evidence(asked: Asked) -> Page:
    """Articles and sentences of a name in a week, or in the chosen range."""
    params = asked.params
    if not params.entities:
        raise NotThereError("The address must say whose sentences: evidence?entities=KHM")
    name = named(asked, params.entities[0])
    since, until = (params.week, params.week) if params.week else asked.copy.span(params.weeks, params.until)
    articles = parts.evidence_rows(asked, name.entity_id, since, until, parts.PER_PAGE, params.page)
    parts.need_page(asked, articles)
    total = articles[0]["articles"] if articles else 0
    sources = parts.sources_of(asked, name.entity_id, since, until, 20)
    when = (
        f"in the week of {words.day(since)}"
        if params.week
        else f"from {words.day(since)} to {words.day(until + timedelta(days=6))}"
    )
    # a page shows forty articles; CSV and JSON give as many as a query may
    span = {"entity": name.entity_id, "since": since, "until": until, **params.filters}
    most = MOST_ROWS if asked.numbers else 0
    table = frame(asked.archive, "page_evidence", **span, limit=most, offset=0)
    state, is_gap = _state(asked, since) if params.week else ("", False)
    values = {
        "name": name, "when": when, "articles": articles, "total": total, "sources": sources,
        "mentions": articles[0]["all_mentions"] if articles else 0, "pages": -(-total // parts.PER_PAGE),
        "most": words.main_source(sources),
        "state": state, "is_gap": is_gap,
        "before": since - timedelta(days=7),
        "after": since + timedelta(days=7), "then": _then(asked, name.entity_id),
    }  # fmt: skip
    figure = Figure("evidence", "Evidence", table.select(KEPT))
    kept = "how many articles it counted" if params.week else ""
    return Page("evidence.html", f"Evidence: {name.full}", values, [figure], pinned=kept)


def _then(asked: Asked, entity_id: str) -> int | None:
    """How many articles the copy of `as_of` counted in the week of a point."""
    week = asked.params.week
    if not asked.params.as_of or week is None:
        return None
    found = pinned.trend(asked, [entity_id], week, week)
    return found["articles"][0] if found.height else None


def _state(asked: Asked, week: date) -> tuple[str, bool]:
    """What was not seen of a week, and whether nothing was: a count of none would then be no zero."""
    found = parts.weeks_within(asked, week, week)
    if not found:
        return "That week lies outside what the archive has observed.", True
    return words.unseen(found[0]), found[0]["state"] == "unobserved"


def denominator(asked: Asked) -> Page:
    """The articles of a week that shares are counted in."""
    week = asked.params.week or asked.copy.last_week
    if week is None:
        raise NotThereError("Nothing has been observed yet.")
    which = {"week": week, "source": asked.params.source}
    table = frame(asked.archive, "page_denominator", **which, limit=100, offset=(asked.params.page - 1) * 100)
    parts.need_page(asked, table)
    total = int(table["articles"][0]) if table.height else 0
    values = {
        "week": week, "source": asked.params.source, "rows": table.to_dicts(), "total": total,
        "pages": -(-total // 100),
    }  # fmt: skip
    most = MOST_ROWS if asked.numbers else 0
    everything = frame(asked.archive, "page_denominator", **which, limit=most, offset=0).drop("articles")
    title = f"All articles of the week of {words.day(week)}"
    return Page("denominator.html", title, values, [Figure("articles", "Articles", everything)])
