"""The gazetteer: reviewable CSV files -> validated entities, aliases, memberships, vetoes and word lists."""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from monitor.errors import GazetteerError, UnknownEntityError
from monitor.records import Alias, Entity

FORMS = ("name", "demonym", "abbreviation", "historical", "metonym")
CASES = ("any", "exact", "title")
KINDS = {
    "countries.csv": ("country", "historical"),
    "organisations.csv": ("organisation", "treaty"),
    "regions.csv": ("region",),
}
COLUMNS = {
    "countries.csv": "entity_id kind name iso2 iso3 region valid_from valid_to successor_id source",
    "organisations.csv": "entity_id kind name acronym subkind home region source",
    "regions.csv": "entity_id name subkind source",
    "aliases.csv": "entity_id alias language form case rule note",
    "memberships.csv": "entity_id bloc_id valid_from valid_to source",
    "vetoes.csv": "phrase reason note",
    "cues.csv": "alias cue note",
}
ENTITY_FILES = ("countries.csv", "organisations.csv", "regions.csv")
CONTEXT_FILE = "context.toml"


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


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a gazetteer file, with the place an error message names."""

    file: str
    line: int
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]

    def error(self, text: str) -> GazetteerError:
        """An error that names the file and the line of this row."""
        return GazetteerError(f"{self.file} line {self.line}: {text}")


def load(extra: Path | None = None) -> Gazetteer:
    """Read the shipped files, then the operator's folder `extra` (same file names), and validate them together.

    Raises:
        GazetteerError: a bad row; the message names file and line.
    """
    folders = [resources.files("monitor") / "data"]
    if extra is not None:
        if not extra.is_dir():
            raise GazetteerError(f"{extra}: not a folder; give one that holds aliases.csv or organisations.csv")
        folders.append(extra)
    digest = hashlib.sha256()
    tables = {name: list(_rows(folders, name, digest)) for name in COLUMNS}
    words = _read_words(folders, digest)
    entities = _entities(tables)
    return Gazetteer(
        entities=entities,
        aliases=_aliases(tables["aliases.csv"], entities),
        memberships=_memberships(tables["memberships.csv"], entities),
        vetoes={row["phrase"]: row["reason"] for row in tables["vetoes.csv"]},
        cues=_cues(tables["cues.csv"]),
        words=words,
        version=digest.hexdigest()[:12],
    )


def _rows(folders: Sequence[Traversable | Path], name: str, digest: hashlib._Hash) -> Iterator[Row]:
    for number, folder in enumerate(folders):
        path = folder / name
        if not path.is_file():
            continue
        shown = name if number == 0 else str(path)
        body = path.read_bytes()
        digest.update(name.encode() + b"\0" + body)
        try:
            text = body.decode()
        except UnicodeDecodeError as error:
            line = body[: error.start].count(b"\n") + 1
            raise GazetteerError(f"{shown} line {line}: not UTF-8; save the file as UTF-8") from None
        yield from _parse(shown, name, text)


def _parse(shown: str, name: str, text: str) -> Iterator[Row]:
    columns = COLUMNS[name].split()
    reader = csv.reader(io.StringIO(text))
    header = next(reader, [])
    if header != columns:
        raise GazetteerError(f"{shown} line 1: the columns must be {','.join(columns)}")
    for values in reader:
        if not values:
            continue
        row = Row(shown, reader.line_num, dict(zip(columns, (v.strip() for v in values), strict=False)))
        if len(values) != len(columns):
            raise row.error(f"has {len(values)} values where {len(columns)} belong ({','.join(columns)})")
        if not row[columns[0]] or not row[columns[1]]:
            raise row.error(f"{columns[0]} and {columns[1]} must not be empty")
        yield row


def _read_words(folders: Sequence[Traversable | Path], digest: hashlib._Hash) -> dict[str, frozenset[str]]:
    words: dict[str, frozenset[str]] = {}
    for folder in folders:
        path = folder / CONTEXT_FILE
        if not path.is_file():
            continue
        body = path.read_bytes()
        digest.update(CONTEXT_FILE.encode() + b"\0" + body)
        try:
            lists = tomllib.loads(body.decode())
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise GazetteerError(f"{path}: {error}") from None
        for key, value in lists.items():
            if not isinstance(value, str):
                raise GazetteerError(f"{path}: {key} must be one string of words, a phrase with _ for its spaces")
            found = frozenset(word.replace("_", " ") for word in value.split())
            words[key] = words.get(key, frozenset()) | found
    return words


def _entities(tables: Mapping[str, list[Row]]) -> dict[str, Entity]:
    entities: dict[str, Entity] = {}
    rows = [row for name in ENTITY_FILES for row in tables[name]]
    for row in rows:
        if row["entity_id"] in entities:
            raise row.error(f"the entity id {row['entity_id']} is already taken")
        entities[row["entity_id"]] = _entity(row)
    for row in rows:
        for column in ("successor_id", "home"):
            target = row.values.get(column)
            if target and target not in entities:
                raise row.error(f"{column} {target} is not an entity")
    return entities


def _entity(row: Row) -> Entity:
    get = row.values.get
    name = Path(row.file).name
    kind = get("kind") or KINDS[name][0]
    if kind not in KINDS[name]:
        raise row.error(f"kind {kind} must be one of {', '.join(KINDS[name])}")
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


def _date(row: Row, column: str) -> date | None:
    raw = row[column]
    if not raw:
        return None
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise row.error(f"{column} {raw!r} is not a date like 1991-12-31") from None


def _span(row: Row) -> tuple[date | None, date | None]:
    start, end = _date(row, "valid_from"), _date(row, "valid_to")
    if start and end and end < start:
        raise row.error(f"valid_to {end} is before valid_from {start}")
    return start, end


def _aliases(rows: Sequence[Row], entities: Mapping[str, Entity]) -> tuple[Alias, ...]:
    found: dict[tuple[str, str], Alias] = {}
    for row in rows:
        alias = _alias(row, entities)
        key = (alias.alias, alias.language)
        if key in found:
            raise row.error(f"the alias {alias.alias!r} ({alias.language}) already means {found[key].entity_id}")
        found[key] = alias
    return tuple(found.values())


def _alias(row: Row, entities: Mapping[str, Entity]) -> Alias:
    if row["entity_id"] not in entities:
        raise row.error(f"{row['entity_id']} is not an entity; add it to organisations.csv or countries.csv first")
    if row["form"] not in FORMS:
        raise row.error(f"form {row['form']!r} must be one of {', '.join(FORMS)}")
    if row["case"] not in CASES:
        raise row.error(f"case {row['case']!r} must be one of {', '.join(CASES)}")
    return Alias(row["entity_id"], row["alias"], row["language"] or "en", row["form"], row["case"], row["rule"] or None)


def _memberships(rows: Sequence[Row], entities: Mapping[str, Entity]) -> tuple[Membership, ...]:
    found = []
    for row in rows:
        for column in ("entity_id", "bloc_id"):
            if row[column] not in entities:
                raise row.error(f"{column} {row[column]} is not an entity")
        found.append(Membership(row["entity_id"], row["bloc_id"], *_span(row)))
    return tuple(found)


def _cues(rows: Sequence[Row]) -> dict[str, tuple[str, ...]]:
    cues: dict[str, tuple[str, ...]] = {}
    for row in rows:
        cues[row["alias"]] = (*cues.get(row["alias"], ()), row["cue"])
    return cues


def fold(name: str) -> str:
    """A name without case, accents and dots, for comparison."""
    plain = unicodedata.normalize("NFKD", name.replace("’", "'").replace(".", ""))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())


def find(gazetteer: Gazetteer, name: str) -> Entity:
    """The entity with this id, code, name or alias, whatever its case and accents.

    Raises:
        UnknownEntityError: no entity has it; the message suggests the nearest names.
    """
    wanted = fold(name)
    entities = gazetteer.entities.values()
    keys: list[Callable[[Entity], str | None]] = [
        lambda e: e.entity_id, lambda e: e.iso2, lambda e: e.name, lambda e: e.acronym,
    ]  # fmt: skip
    for key in keys:
        for entity in entities:
            if (value := key(entity)) and fold(value) == wanted:
                return entity
    names = {fold(alias.alias): alias.entity_id for alias in reversed(gazetteer.aliases)}
    if wanted in names:
        return gazetteer.entities[names[wanted]]
    near = difflib.get_close_matches(wanted, names, n=6, cutoff=0.6)
    shown = list(dict.fromkeys(gazetteer.entities[names[key]].name for key in near))[:3]
    hint = f"; did you mean {', '.join(shown)}?" if shown else "; try `monitor gazetteer search`"
    raise UnknownEntityError(f"no country or organisation is called {name!r}{hint}")
