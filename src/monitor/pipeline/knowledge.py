"""What the archive keeps of the gazetteer that its articles are tagged with."""

from __future__ import annotations

from monitor.gazetteer import Gazetteer
from monitor.mention import facts, tagger_version
from monitor.store import Warehouse
from monitor.store.facts import keep_facts


def keep_gazetteer(warehouse: Warehouse, known: Gazetteer) -> None:
    """Store the gazetteer that articles are tagged with from here on, and what it says of each spelling."""
    warehouse.sync_gazetteer(known)
    keep_facts(warehouse.connection, tagger_version(known), lambda: facts(known))
