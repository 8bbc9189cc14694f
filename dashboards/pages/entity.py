"""One name: its trend, forms, partners, blocs, sources, stories and latest sentences."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboards import words
from dashboards.charts.lines import is_long
from dashboards.page import Asked, Figure, NotThereError, Page
from dashboards.pages import parts
from dashboards.pages.overview import to_date
from dashboards.pages.places import OVER
from dashboards.pages.standing import headline, partly_seen
from dashboards.pages.strip import strip
from dashboards.reading import Name, frame, rows


def named(asked: Asked, text: str) -> Name:
    """The name of a path or parameter. Raises NotThereError."""
    if found := asked.find(text):
        return found
    raise NotThereError(f"No country or organisation is called {text!r} here.")


def entity(asked: Asked) -> Page:
    """All about one name within the chosen range."""
    name = named(asked, asked.params.entities[0])
    since, until = asked.copy.span(asked.params.weeks, asked.params.until)
    span = {"entity": name.entity_id, "since": since, "until": until}
    figure, counts = parts.trend_figure(asked, [name.entity_id], name.entity_id, f"{name.shown}: {_lower(asked)}")
    partners = frame(asked.archive, "page_partners", **span, over=OVER, limit=12)
    forms = frame(asked.archive, "page_forms", **span, limit=14)
    sources = parts.sources_of(asked, name.entity_id, since, until)
    latest = parts.evidence_rows(asked, name.entity_id, since, until, 8)
    week = asked.copy.last_week or until
    values = {
        "name": name,
        "since": since,
        "until": until,
        "partners": partners.to_dicts(),
        "written": forms.to_dicts(),
        "blocs": rows(asked.archive, "page_blocs_of", entity=name.entity_id),
        "members": rows(asked.archive, "page_bloc_members", bloc=name.entity_id, since=since, until=until)[:1],
        "sources": sources,
        "most": words.main_source(sources),
        "stories": rows(asked.archive, "page_stories", **span, limit=8),
        "latest": latest,
        "all_evidence": parts.evidence_link(asked, name.entity_id),
        "is_long": is_long(counts),
        "grown": parts.grown(asked),
        "strip": strip(asked, name.entity_id),
        "total": latest[0]["articles"] if latest else 0,
        "spikes": [words.spike(s, name.shown) for s in rows(asked.archive, "page_spikes", **span, limit=5)]
        if not asked.params.as_of
        else [],
        "to_date": to_date(asked, [name.entity_id]),
        "events": parts.shown_events(asked),
        "headline": headline(asked, name.entity_id, week),
        "partly_seen": partly_seen(asked, week),
    }
    tables = [
        Figure("partners", f"Named with {name.shown}", partners),
        Figure("forms", f"How {name.shown} is written", forms),
        Figure("sources", f"Sources on {name.shown}", _sources(asked, span)),
    ]
    return Page("entity.html", name.full, values, [figure, *tables], pinned="the first sentence and the chart")


def _sources(asked: Asked, span: dict[str, Any]) -> pl.DataFrame:
    """All sources of the articles on a name, within the filters."""
    if asked.params.is_filtered:
        return frame(asked.archive, "page_sources_within", **span, limit=500, **asked.params.filters)
    return frame(asked.archive, "page_sources_of", **span, limit=500)


def _lower(asked: Asked) -> str:
    title = parts.trend_title(asked.params)
    return title[0].lower() + title[1:]
