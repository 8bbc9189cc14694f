"""What the archive keeps of the gazetteer that its articles are tagged with."""

from __future__ import annotations

from pathlib import Path

from monitor.gazetteer import Gazetteer, load, version
from monitor.mention import facts, tagger_version
from monitor.store import Warehouse
from monitor.store.facts import has_facts, keep_facts


def keep_gazetteer(warehouse: Warehouse, extra: Path | None) -> str:
    """Store the gazetteer that articles are tagged with from here on; the tagger's version.

    Files that are stored as they are were validated then, and are not looked into again.
    """
    here = version(extra)
    if warehouse.has_gazetteer(here) and has_facts(warehouse.connection, tagger_version(here)):
        return tagger_version(here)
    return keep_loaded(warehouse, load(extra))


def keep_loaded(warehouse: Warehouse, known: Gazetteer) -> str:
    """Store a gazetteer and what it says of each spelling; the tagger's version."""
    warehouse.sync_gazetteer(known)
    tagging = tagger_version(known.version)
    keep_facts(warehouse.connection, tagging, lambda: facts(known))
    return tagging
