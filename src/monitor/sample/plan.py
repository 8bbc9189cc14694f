"""What the sample site holds: outlets, authors, and the articles with their places and times."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, timezone
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from monitor.sample.prose import number_of, parse_theme, typographic, write


@dataclass(frozen=True, slots=True)
class Outlet:
    """A made-up publisher with one feed."""

    key: str
    name: str
    form: str
    layout: str
    offset: float
    section: str
    source_type: str
    zone: str
    collections: tuple[str, ...]
    typographic: bool
    tagline: str
    sections: tuple[str, ...]
    subscribe: str
    since_weeks: int = 26
    track: str = ""

    @property
    def slug(self) -> str:
        """The first part of its paths."""
        return slug_of(self.name)

    @property
    def feed_path(self) -> str:
        """Where its feed is."""
        return f"/{self.slug}/feed.json" if self.form == "json" else f"/{self.slug}/feed.xml"


@dataclass(frozen=True, slots=True)
class Piece:
    """One article of an outlet. `special` is paywall, missing, members or undated; `origin` the outlet it is from."""

    number: int
    outlet: Outlet
    title: str
    author: str
    bio: str
    weeks_ago: int
    paragraphs: tuple[str, ...]
    language: str = "en"
    special: str = ""
    origin: Outlet | None = None

    @property
    def path(self) -> str:
        """Where its page is: the same at every run, on any day."""
        section = "members" if self.special == "members" else self.outlet.section
        return f"/{self.outlet.slug}/{section}/{slug_of(self.title)}"

    @property
    def summary(self) -> str:
        """Its first two sentences."""
        return " ".join(re.split(r"(?<=[.!?])\s+(?=[A-ZÀ-Ü“\"])", self.paragraphs[0])[:2])

    @property
    def source_line(self) -> str:
        """What a republished copy says of itself."""
        if self.origin is None:
            return ""
        return f"This article was first published by {self.origin.name} and is republished with permission."


def slug_of(title: str) -> str:
    """A title as the last part of a path."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", plain)))


def published_at(piece: Piece, now: datetime) -> datetime:
    """When a piece came out: in its week counted back from the Monday of `now`, at its outlet's hour.

    Copies come out on the Saturday. In UTC every piece falls on Monday to Saturday of its week.
    """
    lot = number_of("day", piece.number)
    today = now.astimezone(UTC).date()
    monday = datetime.combine(today - timedelta(days=today.weekday()), time(), UTC)
    day = (0, 1, 1, 2, 2, 3, 3, 4, 4, 5)[lot % 10] if piece.origin is None else 5
    moment = monday - timedelta(weeks=piece.weeks_ago) + timedelta(days=day, minutes=60 + lot // 10 % 840)
    return moment.astimezone(timezone(timedelta(hours=piece.outlet.offset)))


@cache
def outlets() -> dict[str, Outlet]:
    """The outlets by key."""
    found = {}
    for key, row in _settings()["outlet"].items():
        values: dict[str, Any] = {name: _frozen(value) for name, value in row.items()}
        found[key] = Outlet(key=key, **values)
    return found


@cache
def pieces() -> tuple[Piece, ...]:
    """All articles, numbered; the same at every call and on every machine."""
    found = [*_from_themes(), *_in_other_languages()]
    numbered = [replace(piece, number=number) for number, piece in enumerate(found)]
    return tuple(numbered)


def _from_themes() -> Iterator[Piece]:
    special, syndicated = _settings()["special"], _settings()["syndicated"]
    for file in _texts("themes"):
        theme = parse_theme(file.name.removesuffix(".txt"), file.read_text(encoding="utf-8"))
        for number, paragraphs in enumerate(write(theme)):
            place = f"{theme.name}:{number}"
            author = theme.authors[number % len(theme.authors)]
            outlet = outlets()[theme.outlets[number]]
            piece = _piece(outlet, theme.titles[number], author, theme.weeks[number], paragraphs)
            yield replace(piece, special=special.get(place, ""))
            for copier in syndicated.get(place, []):
                yield replace(piece, outlet=outlets()[copier], origin=outlet)


def _in_other_languages() -> Iterator[Piece]:
    for file in _texts("other"):
        head, _, body = file.read_text(encoding="utf-8").partition("\n\n")
        given = {key: value.strip() for key, _, value in (line.partition(":") for line in head.splitlines())}
        paragraphs = tuple(line for line in body.splitlines() if line.strip())
        outlet = outlets()[given["outlet"]]
        piece = _piece(outlet, given["title"], given["author"], int(given["week"]), paragraphs)
        yield replace(piece, language=given["lang"])


def _piece(outlet: Outlet, title: str, author: str, week: int, paragraphs: tuple[str, ...]) -> Piece:
    name, bio = _settings()["author"][author]
    if outlet.typographic:
        title, paragraphs = typographic(title), tuple(typographic(paragraph) for paragraph in paragraphs)
    return Piece(0, outlet, title, name, bio, week, paragraphs)


@cache
def _settings() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_data().joinpath("outlets.toml").read_text(encoding="utf-8"))


def _data() -> Traversable:
    return files("monitor").joinpath("data/sample")


def template(layout: str) -> str:
    """The page template of a layout."""
    return _data().joinpath(f"templates/{layout}.html").read_text(encoding="utf-8")


def _texts(folder: str) -> list[Traversable]:
    return sorted(_data().joinpath(folder).iterdir(), key=lambda file: file.name)


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
