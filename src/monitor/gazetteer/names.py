"""An entity by its id, code, name or alias, however it is typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from monitor.errors import UnknownEntityError
from monitor.gazetteer.load import Gazetteer
from monitor.lines import near
from monitor.records import Entity


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
    shown = list(dict.fromkeys(gazetteer.entities[names[key]].name for key in near(wanted, names, 6)))[:3]
    hint = f"; did you mean {', '.join(shown)}?" if shown else "; try `monitor gazetteer search`"
    raise UnknownEntityError(f"no country or organisation is called {name!r}{hint}")
