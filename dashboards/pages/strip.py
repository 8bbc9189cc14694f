"""Focus and context: the whole archive of a name in a strip, with the shown weeks in a window, and steps to others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dashboards.charts.sparks import sparkline
from dashboards.page import Asked
from dashboards.pages.parts import trend_counts
from dashboards.reading import WEEK, rows

WIDTH, HEIGHT = 860, 34
SUNDAY = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Strip:
    """What a template draws: the line, the window in pixels, days, and the ends of the ranges before and after."""

    path: str
    left: float
    width: float
    since: date
    until: date
    first: date
    last: date
    earlier: date | None
    later: date | None


def strip(asked: Asked, entity_id: str) -> Strip | None:
    """The strip of a name; None when all weeks are shown anyway."""
    since, until = asked.copy.span(asked.params.weeks, asked.params.until)
    first, last = asked.copy.span("all")
    if (since, until) == (first, last):
        return None
    step = (WIDTH - 6) / max(1, (last - first) // WEEK)
    left, right = (2 + step * ((day - first) // WEEK) for day in (since, until))
    shown = (until - since) + WEEK
    earlier = since - WEEK if since > first else None
    later = min(until + shown, last) if until < last else None
    path = sparkline(_series(asked, entity_id, first, last), WIDTH, HEIGHT).path
    window = round(left - 2, 1), round(right - left + 4, 1)
    return Strip(path, *window, since, until + SUNDAY, first, last + SUNDAY, earlier, later)


def _series(asked: Asked, entity_id: str, since: date, until: date) -> list[int | None]:
    if asked.params.as_of or asked.params.is_filtered:
        return trend_counts(asked, [entity_id], since, until)["articles"].to_list()
    found = rows(asked.archive, "page_series", entities=[entity_id], since=since, until=until)
    return found[0]["articles"] if found else []
