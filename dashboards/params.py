"""What a URL may ask for: every parameter is bounded here, before any query sees it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from urllib.parse import parse_qsl, urlencode

from monitor import records
from monitor.lines import unfit
from monitor.queries.catalogue import by_new_names

Reader = Callable[[str, str], object]

MOST_NAMES = 6
LONGEST = 120
LAST_PAGE = 500  # of a list; what lies beyond is shown by a shorter range
UNITS = ("count", "share")
MEASURES = ("articles", "stories", "sources")
SALIENCES = {"": "anywhere", "title": "in the title", "lead": "in title or lead", "repeated": "twice or more"}
FORMS = ("", *records.FORMS)
# what links of earlier versions call a parameter, and a salience: they answer for ever
RENAMED = {"names": "entities", "type": "source_type", "q": "words"}
_ONCE = {"two": "repeated"}
RANGES = {"26": "6 m", "52": "1 y", "104": "2 y", "all": "All"}
KINDS = {"country": "Countries", "organisation": "Organisations"}
FORMATS = ("html", "json", "csv", "png")
_DIGITS = re.compile("[0-9]{1,9}")


class BadParameterError(ValueError):
    """A parameter outside its bounds; the message is shown to the viewer."""


@dataclass(frozen=True, slots=True)
class Params:
    """The state of a view: all of it is in the URL, all of it has a default."""

    entities: tuple[str, ...] = ()
    focus: str = ""
    unit: str = "count"
    measure: str = "articles"
    weeks: str = "52"  # a year in a chart; SQL and the library give all weeks, a terminal has room for twelve
    until: date | None = None
    week: date | None = None
    source_type: str = ""
    region: str = ""
    collection: str = ""
    source: str = ""
    salience: str = ""
    form: str = ""
    kind: str = "country"
    words: str = ""
    page: int = 1
    as_of: int | None = None
    add: str = ""
    slug: str = ""
    in_path: tuple[str, ...] = ()

    @property
    def _apart(self) -> tuple[str, ...]:
        return ("add", "slug", "in_path", *self.in_path)

    @property
    def is_filtered(self) -> bool:
        """Whether only a part of the archive is asked for."""
        return bool(self.source_type or self.region or self.collection or self.source or self.salience or self.form)

    @property
    def filters(self) -> dict[str, object]:
        """The filters as the page queries take them."""
        return {
            "source_type": self.source_type, "region": self.region, "collection": self.collection,
            "source": self.source, "salience": self.salience, "form": self.form,
        }  # fmt: skip

    def query(self, **changes: object) -> str:
        """The query string of this view with some changes; defaults are left out, so that a view has one URL."""
        changed = replace(self, **changes)  # type: ignore[arg-type]  # the callers are templates
        pairs = [(f.name, getattr(changed, f.name)) for f in fields(changed) if f.name not in self._apart]
        shown = [(n, ",".join(v) if isinstance(v, tuple) else str(v)) for n, v in pairs if v != _DEFAULTS[n]]
        return "?" + urlencode(shown, safe=",") if shown else "?"

    def kept(self, *own: str, **changes: object) -> list[tuple[str, str]]:
        """What a form must carry along so that sending it changes nothing but its `own` fields."""
        return [pair for pair in parse_qsl(self.query(**changes)[1:]) if pair[0] not in ("page", *own)]

    def __getitem__(self, name: str) -> object:
        """A parameter by its name, for templates."""
        return getattr(self, name)


_DEFAULTS = {f.name: f.default for f in fields(Params)}


def read(given: Mapping[str, str]) -> Params:
    """Parameters from a query string. Raises BadParameterError; names it does not know are left alone."""
    found: dict[str, object] = {}
    given = by_new_names(given, RENAMED)
    for name in given.keys() & _READERS.keys():
        text = given[name].strip()
        if len(text) > LONGEST * 2:
            raise BadParameterError(f"{name} is too long")
        if text:
            found[name] = _READERS[name](name, text)
    return Params(**found)  # type: ignore[arg-type]  # the readers give what the fields take


def _text(name: str, text: str) -> str:
    if len(text) > LONGEST or unfit(text):
        raise BadParameterError(f"{name} must be one short printable line")
    return text


def _names(name: str, text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(_text(name, part.strip()) for part in text.split(",") if part.strip()))
    if len(names) > MOST_NAMES:
        raise BadParameterError(f"{name}: at most {MOST_NAMES} fit into one chart; this asks for {len(names)}")
    return names


def _one_of(*allowed: str) -> Reader:
    def reader(name: str, text: str) -> str:
        if text not in allowed:
            raise BadParameterError(f"{name} is one of {', '.join(a for a in allowed if a)}")
        return text

    return reader


def _salience(name: str, text: str) -> str:
    return _one_of(*SALIENCES)(name, _ONCE.get(text, text))


def _weeks(name: str, text: str) -> str:
    if text == "all":
        return text
    if (weeks := _whole(text, 4, 5200)) is not None:  # fewer are no line
        return str(weeks)
    raise BadParameterError(f"{name} is a number of weeks from 4 to 5200, or all")


def _monday(name: str, text: str) -> date:
    day = _day(name, text)
    if day.weekday():
        raise BadParameterError(f"{name} must be a Monday: weeks start then")
    return day


def _day(name: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadParameterError(f"{name} must be a date such as 2026-11-16") from None
    if not 1990 <= day.year <= 2100:
        raise BadParameterError(f"{name} must lie between 1990 and 2100")
    return day


def _number(least: int, most: int) -> Reader:
    def reader(name: str, text: str) -> int:
        if (number := _whole(text, least, most)) is None:
            raise BadParameterError(f"{name} must be a number from {least} to {most}")
        return number

    return reader


def _whole(text: str, least: int, most: int) -> int | None:
    """The number that a few ASCII digits say; None where they say none within the bounds."""
    found = int(text) if _DIGITS.fullmatch(text) else None
    return found if found is not None and least <= found <= most else None


_READERS: dict[str, Reader] = {
    "entities": _names, "focus": _text, "unit": _one_of(*UNITS), "measure": _one_of(*MEASURES), "weeks": _weeks,
    "until": _day, "week": _monday, "source_type": _text, "region": _text, "collection": _text, "source": _text,
    "salience": _salience, "form": _one_of(*FORMS), "kind": _one_of(*KINDS), "words": _text,
    "page": _number(1, LAST_PAGE), "as_of": _number(1, 10_000_000), "add": _text,
}  # fmt: skip
NAMES = frozenset(_READERS) | RENAMED.keys()
