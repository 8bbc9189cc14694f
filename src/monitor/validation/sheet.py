"""The sheet that coders fill in: one row an article with its text, then one a name that it may have.

The tagger's answer is not shown; it is in `seal`, a digest that also shows when a spreadsheet has changed a cell.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from monitor.cells import guarded
from monitor.validation.draw import Drawn

COLUMNS = (
    "row", "answer", "name", "title", "passage", "url", "note",
    "article", "entity", "kind", "source_type", "drawn", "tagger", "seal",
)  # fmt: skip
SEALED = ("row", "article", "entity", "kind", "source_type", "drawn", "tagger")
KINDS = ("country", "historical", "organisation")
_AROUND = 150
_PASSAGES = 3
_LONGEST = 32_000  # a spreadsheet's cell holds 32,767 characters
_CUT = " [... the rest is at the url]"


@dataclass(frozen=True, slots=True)
class Text:
    """An article as the tagger saw it."""

    article_id: int
    title: str
    text: str
    url: str
    source_type: str
    tagger: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a title or text where a name may stand; `counted` when the tagger counts it."""

    entity_id: str
    name: str
    kind: str
    field: str
    start: int
    end: int
    counted: bool


def write_sheet(drawn: Iterable[Drawn], texts: Mapping[int, Text], spots: Mapping[int, list[Spot]]) -> str:
    """The sheet as CSV, in the order of the sample."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for one in drawn:
        for row in _article(one, texts[one.article_id], spots.get(one.article_id, [])):
            writer.writerow({key: guarded(value) for key, value in row.items()})
    return out.getvalue()


def seal(row: Mapping[str, str], found: bool) -> str:
    """What stands for the tagger's answer in a row; a letter first, so that no spreadsheet reads a number."""
    text = "\x1f".join((*(row[column].strip() for column in SEALED), "found" if found else "not found"))
    return "s" + hashlib.sha256(text.encode()).hexdigest()[:12]


def _article(drawn: Drawn, text: Text, spots: list[Spot]) -> Iterator[dict[str, str]]:
    common = {
        "title": _line(text.title),
        "url": text.url,
        "article": f"a{text.article_id & (2**64 - 1):016x}",
        "source_type": text.source_type,
        "drawn": f"{drawn.taken} of {drawn.of}",
        "tagger": text.tagger,
    }
    yield _sealed({**common, "row": "article", "entity": "", "kind": "", "passage": _whole(text.text)}, False)
    places: dict[str, list[Spot]] = {}
    for spot in sorted(spots, key=_place):
        places.setdefault(spot.entity_id, []).append(spot)
    for entity, found in places.items():
        names = {"row": "name", "entity": entity, "kind": found[0].kind, "name": found[0].name}
        row = {**common, **names, "passage": _passages(text, found)}
        yield _sealed(row, any(spot.counted for spot in found))


def _sealed(row: dict[str, str], found: bool) -> dict[str, str]:
    return {**row, "seal": seal(row, found)}


def _place(spot: Spot) -> tuple[bool, int, str]:
    return spot.field != "title", spot.start, spot.entity_id


def _line(text: str) -> str:
    return " ".join(text.split())


def _whole(text: str) -> str:
    line = _line(text)
    return line if len(line) <= _LONGEST else line[:_LONGEST] + _CUT


def _passages(text: Text, spots: list[Spot]) -> str:
    """The first places in context; the counted ones go first, so that they are among those shown."""
    chosen = sorted(sorted(spots, key=lambda s: not s.counted)[:_PASSAGES], key=_place)
    return " | ".join(_passage(text.title if s.field == "title" else text.text, s.start, s.end) for s in chosen)


def _passage(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    if start > _AROUND:
        before = "... " + before.partition(" ")[2]
    if end + _AROUND < len(text):
        after = after.rpartition(" ")[0] + " ..."
    return _line(f"{before}[[{text[start:end]}]]{after}")
