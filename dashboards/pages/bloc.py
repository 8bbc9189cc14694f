"""A bloc: any member, each article once; the members; the sentences of a week."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

import polars as pl

from dashboards.charts.lines import is_long
from dashboards.page import Asked, Figure, NotThereError, Page
from dashboards.pages import parts
from dashboards.pages.entity import named
from dashboards.pages.lone import lone_figure
from dashboards.pages.together import PER_PAGE, spans, week_only
from dashboards.reading import frame, rows


def bloc(asked: Asked) -> Page:
    """Any member of a bloc, each article once; the mean per member; the members."""
    name = named(asked, asked.params.entities[0])
    since, until = asked.copy.span(asked.params.weeks, asked.params.until)
    counts = frame(asked.archive, "page_bloc_weeks", bloc=name.entity_id, since=parts.with_earlier(since), until=until)
    span = {"since": since, "until": until} | week_only(asked)
    members = frame(asked.archive, "page_bloc_members", bloc=name.entity_id, **span)
    if members.is_empty():
        raise NotThereError(f"{name.full} has no members in the gazetteer.")
    column = "share" if asked.params.unit == "share" else "articles"
    title = f"{'Share of articles' if column == 'share' else 'Articles'} that name any member of {name.shown}"
    address = f"~/bloc/{name.entity_id}?week={{week}}"
    weeks = parts.weeks_of(asked, since, until)
    figure = lone_figure(asked, title, counts, column, "any member", address, weeks=weeks)
    counts = figure.table
    week = asked.copy.last_week
    last = counts.filter(pl.col("week") == week).to_dicts() if week else []
    current = members.filter(pl.col("valid_to").is_null())["entity_id"].to_list()
    values = {
        "name": name, "events": parts.shown_events(asked), "members": members.to_dicts(),
        "last": last[0] if last else None,
        "evidence": bloc_evidence(asked, name.entity_id, asked.params.week or week),
        "evidence_week": asked.params.week or week, "per_page": PER_PAGE,
        "is_long": is_long(counts), "week": asked.params.week, "since": since, "until": until,
        "sparks": parts.sparks(asked, current, week, 26) if week else {},
    }  # fmt: skip
    return Page("bloc.html", f"{name.shown}: members", values, [figure, Figure("members", "Members", members)])


def bloc_evidence(asked: Asked, bloc_id: str, week: date | None) -> list[dict[str, Any]]:
    """A week's articles on any member, each with its sentences and all members marked in them."""
    if week is None:
        return []
    offset = (asked.params.page - 1) * PER_PAGE
    found = rows(asked.archive, "page_bloc_evidence", bloc=bloc_id, week=week, limit=PER_PAGE, offset=offset)
    parts.need_page(asked, found)
    groups = [list(group) for _, group in groupby(found, key=lambda row: row["article_id"])]
    return [
        group[0]
        | {"sentences": [{"html": parts.marked(s["sentence"], spans(s))} for s in group], "is_later_copy": False}
        for group in groups
    ]
