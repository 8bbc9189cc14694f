"""The sentences behind a point: every article that was counted, and the denominator it was counted in."""

from __future__ import annotations

from datetime import timedelta

from dashboards import words
from dashboards.page import Asked, Figure, NotThereError, Page
from dashboards.pages import parts
from dashboards.pages.entity import named
from dashboards.reading import frame


def evidence(asked: Asked) -> Page:
    """Articles and sentences of a name in a week, or in the chosen range."""
    params = asked.params
    if not params.names:
        raise NotThereError("The address must say whose sentences: evidence?names=KHM")
    name = named(asked, params.names[0])
    since, until = (params.week, params.week) if params.week else asked.copy.span(params.weeks, params.until)
    articles = parts.evidence_rows(asked, name.entity_id, since, until, parts.PER_PAGE, params.page)
    total = articles[0]["articles"] if articles else 0
    sources = [] if params.is_filtered else parts.sources_of(asked, name.entity_id, since, until, 20)
    when = (
        f"in the week of {words.day(since)}"
        if params.week
        else f"from {words.day(since)} to {words.day(until + timedelta(days=6))}"
    )
    table = frame(
        asked.archive, "page_evidence", entity=name.entity_id, since=since, until=until, limit=2000, offset=0,
        **params.filters,
    )  # fmt: skip
    values = {
        "name": name,
        "when": when,
        "articles": articles,
        "total": total,
        "mentions": articles[0]["all_mentions"] if articles else 0,
        "pages": -(-total // parts.PER_PAGE),
        "sources": sources,
        "most": words.main_source(sources, sum(s["articles"] for s in sources)),
        "state": _state(asked, since) if params.week else "",
        "before": since - timedelta(days=7),
        "after": since + timedelta(days=7),
    }
    kept = [
        "week",
        "publisher",
        "title",
        "url",
        "published_at",
        "field",
        "zone",
        "form",
        "surface",
        "sentence",
        "article_id",
    ]
    return Page("evidence.html", f"Evidence: {name.full}", values, [Figure("evidence", "Evidence", table.select(kept))])


def _state(asked: Asked, week: object) -> str:
    found = frame(asked.archive, "page_weeks", since=week, until=week).to_dicts()
    if not found:
        return "That week lies outside what the archive has observed."
    if found[0]["state"] == "unobserved":
        return "Nothing was observed in that week: this is a gap, not a zero."
    if found[0]["state"] == "partial":
        return f"That week was partly seen: {found[0]['sources_observed']} of {found[0]['sources']} sources in full."
    return ""


def denominator(asked: Asked) -> Page:
    """The articles of a week that shares are counted in."""
    week = asked.params.week or asked.copy.last_week
    if week is None:
        raise NotThereError("Nothing has been observed yet.")
    which = {"week": week, "source": asked.params.source}
    table = frame(asked.archive, "page_denominator", **which, limit=100, offset=(asked.params.page - 1) * 100)
    total = int(table["articles"][0]) if table.height else 0
    values = {
        "week": week, "source": asked.params.source, "rows": table.to_dicts(), "total": total,
        "pages": -(-total // 100),
    }  # fmt: skip
    everything = frame(asked.archive, "page_denominator", **which, limit=20_000, offset=0).drop("articles")
    title = f"All articles of the week of {words.day(week)}"
    return Page("denominator.html", title, values, [Figure("articles", "Articles", everything)])
