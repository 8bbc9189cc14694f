"""What pages read: the published copy through the archive, and the few facts of it that every page needs."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from monitor.queries import Archive

WEEK = timedelta(days=7)
MOST_KEPT, MOST_ROWS = 24, 1000  # answers and rows of each


@dataclass(frozen=True, slots=True)
class Name:
    """An entity as pages show it: organisations by their acronym where they have one."""

    entity_id: str
    kind: str
    full: str
    acronym: str | None
    iso3: str | None

    @property
    def shown(self) -> str:
        """The name in running text."""
        return self.acronym or self.full if self.kind == "organisation" else self.full

    @property
    def short(self) -> str:
        """The name where there is no room."""
        return self.acronym or self.iso3 or self.full[:10]


@dataclass(frozen=True)
class Copy:
    """One published copy as pages see it; made once for each copy."""

    stamp: tuple[int, ...]
    state: dict[str, Any]
    names: dict[str, Name]
    ranked: tuple[str, ...]
    options: dict[str, list[str]]
    folded: dict[str, str] = field(repr=False)

    @property
    def vintage(self) -> int:
        """The number of this copy."""
        return int(self.state["vintage"] or 0)

    @property
    def last_week(self) -> date | None:
        """The Monday of the last week that is over and was seen."""
        return _date(self.state["last_week"])

    @property
    def open_week(self) -> date | None:
        """The Monday of the week to date."""
        return _date(self.state["open_week"])

    @property
    def first_week(self) -> date | None:
        """The first Monday that anything was seen in."""
        return _date(self.state["first_week"])

    @property
    def complete_weeks(self) -> int:
        """How many whole weeks the archive spans."""
        return int(self.state["complete_weeks"] or 0)

    @property
    def data_through(self) -> datetime | None:
        """The last poll that is in the copy."""
        value = self.state["data_through"]
        return value if isinstance(value, datetime) else None

    def find(self, text: str) -> Name | None:
        """A name by its id, ISO code, name or acronym."""
        entity_id = text if text in self.names else self.folded.get(text.casefold())
        return self.names[entity_id] if entity_id else None

    def span(self, weeks: str, until: date | None = None) -> tuple[date, date]:
        """First and last Monday of a range that ends with the open week, or with the week of `until`."""
        last = self.open_week or date(2000, 1, 3)
        if until is not None:
            last = min(last, until - timedelta(days=until.weekday()))
        first = self.first_week or last
        if weeks != "all":
            first = max(first, last - WEEK * (int(weeks) - 1))
        return min(first, last), last


def _date(value: object) -> date | None:
    return value if isinstance(value, date) else None


class Reader:
    """The archive, with the answers that every view of a copy asks for again kept by copy and parameters."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._kept: OrderedDict[str, pl.DataFrame] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def path(self) -> Path:
        """The copy that is read now."""
        return self.archive.path

    def named(self, query: str, params: Mapping[str, object] | None = None) -> pl.DataFrame:
        """The rows of a page query."""
        key = f"{self.archive.path} {query} {sorted((params or {}).items())}"
        with self._lock:
            if (found := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return found
        made = self.archive.named(query, params)
        if made.height <= MOST_ROWS:
            with self._lock:
                # gathered: as it came it would hold on to buffers many times its size
                self._kept[key] = made.select(pl.all().gather(pl.int_range(made.height)))
                if len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
        return made


def read_copy(archive: Reader, mark: tuple[int, ...]) -> Copy:
    """The facts of the copy that the archive shows now."""
    names = {
        row["entity_id"]: Name(row["entity_id"], row["kind"], row["name"], row["acronym"], row["iso3"])
        for row in archive.named("page_names").to_dicts()
    }
    folded: dict[str, str] = {}
    for name in names.values():
        for text in (name.full, name.acronym, name.iso3, name.entity_id):
            if text:
                folded.setdefault(text.casefold(), name.entity_id)
    options: dict[str, list[str]] = {"source_type": [], "region": [], "collection": []}
    for row in archive.named("page_options").to_dicts():
        options[row["filter"]].append(row["value"])
    state = archive.named("page_state").to_dicts()
    return Copy(mark, state[0], names, tuple(names), options, folded)


def rows(archive: Reader, query: str, **params: object) -> list[dict[str, Any]]:
    """The rows of a page query as plain dictionaries."""
    return archive.named(query, params).to_dicts()


def frame(archive: Reader, query: str, **params: object) -> pl.DataFrame:
    """The rows of a page query as a frame."""
    return archive.named(query, params)
