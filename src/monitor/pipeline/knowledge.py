"""The gazetteer of a run, and what of it the archive keeps."""

from __future__ import annotations

from monitor.config import Settings
from monitor.gazetteer import Gazetteer, load
from monitor.mention import facts, tagger_version
from monitor.store import Warehouse
from monitor.store.facts import keep_facts


def take_gazetteer(warehouse: Warehouse, settings: Settings) -> Gazetteer:
    """Read the gazetteer that articles are tagged with from here on, and store it with them. Raises GazetteerError."""
    known = load(settings.gazetteer)
    warehouse.sync_gazetteer(known)
    keep_facts(warehouse.connection, tagger_version(known), lambda: facts(known))
    return known
