"""A page before it is written: its template, its values and its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl

from dashboards.charts.frame import Event
from dashboards.charts.style import Spec
from dashboards.params import Params
from dashboards.reading import Copy, Name, Reader
from dashboards.watch import Watch


@dataclass(frozen=True)
class Figure:
    """A chart with the table behind it; `middle` is the same chart for a tablet (if the first is too wide for one),
    `narrow` for a phone.

    The table is what CSV and JSON give; `shown` (if any) is a shorter form of it for the page; `note` is what a picture
    must say beside it when it stands alone; `unseen` names the weeks of it that were not fully seen.
    """

    name: str
    title: str
    table: pl.DataFrame
    spec: Spec | None = None
    narrow: Spec | None = None
    shown: pl.DataFrame | None = None
    note: str = ""
    unseen: str = ""
    middle: Spec | None = None


@dataclass(frozen=True)
class Page:
    """What a view function gives: the first figure is the one that `format=csv` and `png` mean by default.

    `pinned` says what of it is as the copy of `as_of` had it; empty where a copy keeps nothing of the page.
    """

    template: str
    title: str
    values: Mapping[str, Any] = field(default_factory=dict)
    figures: Sequence[Figure] = ()
    status: int = 200
    pinned: str = ""

    def figure(self, name: str) -> Figure | None:
        """A figure by name; the first for an empty name."""
        return next((f for f in self.figures if not name or f.name == name), None)


@dataclass(frozen=True)
class Asked:
    """All that a view function may look at."""

    archive: Reader
    copy: Copy
    params: Params
    now: datetime
    events: Sequence[Event] = ()
    watches: Sequence[Watch] = ()
    numbers: bool = False  # whether all rows are wanted, for CSV or JSON

    def find(self, text: str) -> Name | None:
        """A name by its id, code, name, acronym or any alias; None when nothing has it."""
        if not text:
            return None
        if found := self.copy.find(text):
            return found
        entity_id = self.archive.named("page_find", {"text": text})["entity_id"][0]
        return self.copy.names.get(entity_id)


class NotThereError(Exception):
    """A page for a name, source or week that the archive does not have."""
