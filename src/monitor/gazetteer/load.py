"""The gazetteer's files -> validated entities and aliases; the first bad row is named with its file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from monitor.gazetteer.files import COLUMNS, Row, digest, file_rows, read_files, word_lists
from monitor.records import FORMS, Alias, Entity

CASES = ("any", "exact", "title")
# the rules of monitor.mention by their names in aliases.csv; the two last need no function there
RULES = (
    *("georgia", "korea", "congo", "jersey", "indian", "dominican", "america", "american", "not-shouted", "prefix"),
    *("capital", "evidence", "commonwealth", "whole", "seat", "keep-inner"),
)
KINDS = {
    "countries.csv": ("country", "historical"),
    "organisations.csv": ("organisation", "treaty"),
    "regions.csv": ("region",),
}
ENTITY_FILES = tuple(KINDS)
IDS = {
    "countries.csv": (re.compile(r"[A-Z]{3,4}(-[A-Z0-9]+)*"), "a code like KHM, SUHH or KHM-PRK"),
    "organisations.csv": (
        re.compile(r"(?!x-)[a-z0-9]+(-[a-z0-9]+)*"),
        "lower-case words and hyphens, not x- at the start",
    ),
    "regions.csv": (re.compile(r"(?!x-)[a-z0-9]+(-[a-z0-9]+)*"), "lower-case words and hyphens, not x- at the start"),
}
LANGUAGE = re.compile(r"[a-z]{2,3}")
YEARS = range(1000, 2101)


@dataclass(frozen=True, slots=True)
class Membership:
    """An entity belongs to a bloc from one date to another (None: open)."""

    entity_id: str
    bloc_id: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Everything the tagger knows of the world; `version` is the digest of the files it was read from.

    `vetoes` maps a phrase that is not the country in it to the reason. `cues` maps an alias that needs evidence to
    the words or entity ids that give it. `words` are the named word lists of context.toml.
    """

    entities: Mapping[str, Entity]
    aliases: tuple[Alias, ...]
    memberships: tuple[Membership, ...]
    vetoes: Mapping[str, str]
    cues: Mapping[str, tuple[str, ...]]
    words: Mapping[str, frozenset[str]]
    version: str


def load(extra: Path | None = None) -> Gazetteer:
    """Read the shipped files, then the operator's folder `extra` (same file names), and validate them together.

    Raises:
        GazetteerError: a bad row; the message names file and line.
    """
    files = read_files(extra)
    tables = {name: list(file_rows(files, name)) for name in COLUMNS}
    words = word_lists(files)
    entities = _entities(tables)
    aliases = _aliases(tables["aliases.csv"], entities, words)
    return Gazetteer(
        entities=entities,
        aliases=aliases,
        memberships=_memberships(tables["memberships.csv"], entities),
        vetoes=_vetoes(tables["vetoes.csv"], aliases),
        cues=_cues(tables["cues.csv"], entities, aliases),
        words=words,
        version=digest(files),
    )


def version(extra: Path | None = None) -> str:
    """The version that `load` would give, without looking into the files. Raises GazetteerError for a wrong folder."""
    return digest(read_files(extra))


def _entities(tables: Mapping[str, list[Row]]) -> dict[str, Entity]:
    entities: dict[str, Entity] = {}
    rows = [row for name in ENTITY_FILES for row in tables[name]]
    places: dict[str, str] = {}
    for row in rows:
        if row["entity_id"] in entities:
            raise row.error(f"the entity id {row['entity_id']} is already taken by {places[row['entity_id']]}")
        entities[row["entity_id"]] = _entity(row)
        places[row["entity_id"]] = row.place
    for row in rows:
        for column in ("successor_id", "home"):
            target = row.values.get(column)
            if target and target not in entities:
                raise row.error(f"{column} {target} is not an entity")
            if target and target == row["entity_id"]:
                raise row.error(f"{column} {target} is the entity itself")
    return entities


def _entity(row: Row) -> Entity:
    get = row.values.get
    name = Path(row.file).name
    kind = get("kind") or KINDS[name][0]
    if kind not in KINDS[name]:
        raise row.error(f"kind {kind} must be one of {', '.join(KINDS[name])}")
    pattern, like = IDS[name]
    if not pattern.fullmatch(row["entity_id"]):
        raise row.error(f"the entity id {row['entity_id']!r} must be {like}")
    _need_source(row)
    valid_from, valid_to = _span(row) if "valid_from" in row.values else (None, None)
    return Entity(
        entity_id=row["entity_id"],
        kind=kind,
        name=row["name"],
        iso2=get("iso2") or None,
        iso3=get("iso3") or None,
        region=get("region") or None,
        acronym=get("acronym") or None,
        successor_id=get("successor_id") or None,
        valid_from=valid_from,
        valid_to=valid_to,
        subkind=get("subkind") or None,
        home=get("home") or None,
    )


def _need_source(row: Row) -> None:
    if not row["source"]:
        raise row.error('source is empty: say where the row is from, if only "own"')


def _date(row: Row, column: str) -> date | None:
    raw = row[column]
    if not raw:
        return None
    try:
        found = date.fromisoformat(raw)
    except ValueError:
        raise row.error(f"{column} {raw!r} is not a date like 1991-12-31") from None
    if found.year not in YEARS:
        raise row.error(f"{column} {raw} is no date of a state or a body: years go from {YEARS[0]} to {YEARS[-1]}")
    return found


def _span(row: Row) -> tuple[date | None, date | None]:
    start, end = _date(row, "valid_from"), _date(row, "valid_to")
    if start and end and end < start:
        raise row.error(f"valid_to {end} is before valid_from {start}")
    return start, end


def _aliases(
    rows: Sequence[Row], entities: Mapping[str, Entity], words: Mapping[str, frozenset[str]]
) -> tuple[Alias, ...]:
    found: dict[tuple[str, str], Alias] = {}
    places: dict[tuple[str, str], str] = {}
    frequent = words.get("stop_en", frozenset())
    for row in rows:
        alias = _alias(row, entities, frequent)
        key = (alias.alias, alias.language)
        if key in found:
            meaning = f"already means {found[key].entity_id} ({places[key]})"
            raise row.error(f"the alias {alias.alias!r} ({alias.language}) {meaning}")
        found[key] = alias
        places[key] = row.place
    named = {alias.entity_id for alias in found.values()}
    # an entity without a row here is found by its name: one line in organisations.csv is enough
    own = [Alias(e.entity_id, e.name, case="title") for e in entities.values() if e.entity_id not in named]
    return (*found.values(), *(alias for alias in own if (alias.alias, alias.language) not in found))


def _alias(row: Row, entities: Mapping[str, Entity], frequent: frozenset[str]) -> Alias:
    if row["entity_id"] not in entities:
        raise row.error(f"{row['entity_id']} is not an entity; add it to organisations.csv or countries.csv first")
    for column, allowed in (("form", FORMS), ("case", CASES)):
        if row[column] not in allowed:
            raise row.error(f"{column} {row[column]!r} must be one of {', '.join(allowed)}")
    if row["rule"] and row["rule"] not in RULES:
        raise row.error(f"rule {row['rule']!r} must be empty or one of {', '.join(RULES)}")
    language, alias = row["language"] or "en", row["alias"]
    if not LANGUAGE.fullmatch(language):
        raise row.error(f"language {language!r} must be a code of two or three letters, such as en or km")
    if "  " in alias:
        raise row.error(f"the alias {alias!r} has two spaces in a row; one is enough")
    if alias.isascii() and (len(alias) < 2 or (row["case"] == "any" and alias.lower() in frequent)):
        raise row.error(f"the alias {alias!r} would be found in every text")
    return Alias(row["entity_id"], alias, language, row["form"], row["case"], row["rule"] or None)


def _memberships(rows: Sequence[Row], entities: Mapping[str, Entity]) -> tuple[Membership, ...]:
    found: dict[tuple[str, str], list[tuple[Membership, Row]]] = {}
    for row in rows:
        for column in ("entity_id", "bloc_id"):
            if row[column] not in entities:
                raise row.error(f"{column} {row[column]} is not an entity")
        if row["entity_id"] == row["bloc_id"]:
            raise row.error(f"{row['bloc_id']} is no member of itself")
        new = Membership(row["entity_id"], row["bloc_id"], *_span(row))
        _need_source(row)
        others = found.setdefault((row["entity_id"], row["bloc_id"]), [])
        for other, place in others:
            if _overlap(new, other):
                raise row.error(f"{new.entity_id} is in {new.bloc_id} at that time by {place.place} already")
        others.append((new, row))
    return tuple(membership for members in found.values() for membership, _ in members)


def _overlap(one: Membership, other: Membership) -> bool:
    first, last = date.min, date.max
    return (one.valid_from or first) < (other.valid_to or last) and (other.valid_from or first) < (one.valid_to or last)


def _vetoes(rows: Sequence[Row], aliases: Sequence[Alias]) -> dict[str, str]:
    names = {alias.alias: alias.entity_id for alias in aliases if alias.language == "en"}
    for row in rows:
        if row["phrase"] in names:
            raise row.error(
                f"{row['phrase']!r} is an alias of {names[row['phrase']]}, which goes before a veto;"
                " give the longer phrase in which it is another thing"
            )
    return {row["phrase"]: row["reason"] for row in rows}


def _cues(rows: Sequence[Row], entities: Mapping[str, Entity], aliases: Sequence[Alias]) -> dict[str, tuple[str, ...]]:
    asked = {alias.alias for alias in aliases if alias.rule == "evidence"}
    cues: dict[str, tuple[str, ...]] = {}
    for row in rows:
        if row["alias"] not in asked:
            raise row.error(f"{row['alias']!r} is no alias with the rule evidence, so nothing asks for its cues")
        words, arrow, other = (part.strip() for part in row["cue"].partition("->"))
        named = words[1:] if words.startswith("@") else other
        if (arrow or words.startswith("@")) and named not in entities:
            raise row.error(f"the cue {row['cue']} names no entity")
        # cues are looked for in the text in lower case
        cue = words if words.startswith("@") else words.lower()
        cues[row["alias"]] = (*cues.get(row["alias"], ()), f"{cue} -> {other}" if arrow else cue)
    return cues
