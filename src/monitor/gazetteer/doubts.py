"""What in an operator's rows is allowed and still likely to be a mistake."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from monitor.gazetteer.files import unread
from monitor.gazetteer.load import Gazetteer


def doubts(known: Gazetteer, folder: Path | None) -> Iterator[str]:
    """A sentence for each thing to look at."""
    if folder is not None:
        for name in unread(folder):
            yield f"{folder / name} is not read: no file of the gazetteer is called so"
    named = {alias.entity_id for alias in known.aliases}
    for entity in known.entities.values():
        if entity.entity_id not in named:
            yield f"{entity.entity_id} has no alias, and its name {entity.name!r} means another: no text can name it"
    unasked = {alias.entity_id for alias in known.aliases if alias.rule != "evidence"}
    for alias in known.aliases:
        if alias.rule == "evidence" and alias.alias not in known.cues and alias.entity_id not in unasked:
            yield f"{alias.alias!r} asks for evidence that nothing can give: add rows to cues.csv, or a full name"
