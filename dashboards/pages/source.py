"""One source: its volume, how much of it was seen, its feeds, and what it writes about beside all others."""

from __future__ import annotations

from urllib.parse import quote

from dashboards.charts.lines import is_long
from dashboards.charts.style import shortened
from dashboards.page import Asked, Figure, NotThereError, Page
from dashboards.pages import parts
from dashboards.pages.lone import lone_figure
from dashboards.reading import frame, rows

LABEL = 170  # pixels beside the line for its name


def source(asked: Asked) -> Page:
    """All about one source within the chosen range."""
    name = asked.params.source
    since, until = asked.copy.span(asked.params.weeks, asked.params.until)
    feeds = rows(asked.archive, "page_feeds", source=name)
    if not feeds:
        raise NotThereError(f"No source is called {name!r} here.")
    weeks = frame(asked.archive, "page_source_weeks", source=name, since=parts.with_earlier(since), until=until)
    names = frame(asked.archive, "page_source_names", source=name, since=since, until=until, limit=15)
    address = f"~/observed?source={quote(name)}&week={{week}}"
    figure = lone_figure(
        asked, f"{name}: observed articles per week", weeks, "observed_articles", shortened(name, LABEL), address
    )
    weeks = figure.table
    states = [row["state"] for row in weeks.to_dicts() if not row["is_open"]]
    values = {
        "name": name, "is_long": is_long(weeks), "events": parts.shown_events(asked), "feeds": feeds,
        "names": names.to_dicts(), "since": since, "until": until,
        "latest": rows(asked.archive, "page_source_articles", source=name, limit=12),
        "seen": {state: states.count(state) for state in ("observed", "partial", "unobserved")},
        "articles": int(weeks["articles"].sum() or 0), "observed": int(weeks["observed_articles"].sum() or 0),
        "metadata": int(weeks["metadata_articles"].sum() or 0), "partial": int(weeks["partial_articles"].sum() or 0),
        "missing": int(weeks["missing_articles"].sum() or 0) if "missing_articles" in weeks.columns else 0,
    }  # fmt: skip
    return Page("source.html", name, values, [figure, Figure("names", f"What {name} writes about", names)])
