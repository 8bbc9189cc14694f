"""An earlier copy as it was published: a copy keeps the counts of all names and weeks, and how much it saw of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from dashboards.page import Asked, NotThereError
from dashboards.reading import frame, rows


def pinned(asked: Asked) -> Asked:
    """The same question to the copy that `as_of` names. Raises NotThereError when it is not kept (any longer)."""
    vintage = asked.params.as_of
    state = rows(asked.archive, "page_pinned_state", vintage=vintage)[0]
    if state["newest"] is None or state["newest"] < vintage:
        raise NotThereError(f"There is no copy {vintage}: the newest is {state['newest'] or 0}.")
    if state["published_at"] is None:
        raise NotThereError(f"Copy {vintage} has expired: numbers are kept from copy {state['oldest']} on.")
    unkept = {"tagger": None, "extractor": None}
    return replace(asked, copy=replace(asked.copy, state=asked.copy.state | state | unkept))


def trend(asked: Asked, entities: Sequence[str], since: date, until: date) -> pl.DataFrame:
    """Weekly counts of some names, each week with its change on the eight before."""
    span = {"since": since, "until": until}
    return frame(asked.archive, "page_pinned_trend", vintage=asked.params.as_of, entities=list(entities), **span)


def weeks(asked: Asked, since: date, until: date) -> list[dict[str, Any]]:
    """The weeks of a span with how much of each was seen."""
    return rows(asked.archive, "page_pinned_weeks", vintage=asked.params.as_of, since=since, until=until)


def ranking(asked: Asked, week: date) -> list[dict[str, Any]]:
    """All names that a week or the eight weeks before it counted, most named first."""
    found = rows(asked.archive, "page_pinned_trend", vintage=asked.params.as_of, since=week, until=week)
    return sorted(
        (row for row in found if row["articles"] or row["usual_articles"]),
        key=lambda r: (-(r["articles"] or 0), -(r["stories"] or 0), r["name"]),
    )


def series(asked: Asked, entities: Sequence[str], since: date, until: date) -> dict[str, list[int | None]]:
    """The articles of each name week by week, for sparklines; None where nothing was seen."""
    found = trend(asked, entities, since, until)
    return {str(key[0]): group["articles"].to_list() for key, group in found.group_by("entity_id")}


def by_country(asked: Asked, since: date, until: date) -> pl.DataFrame:
    """Articles by country over a span of weeks."""
    return frame(asked.archive, "page_pinned_map", vintage=asked.params.as_of, since=since, until=until)
