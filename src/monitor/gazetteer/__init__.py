"""The gazetteer: reviewable CSV files -> validated entities, aliases, memberships, vetoes and word lists."""

from monitor.gazetteer.doubts import doubts
from monitor.gazetteer.load import RULES, Gazetteer, Membership, load, version
from monitor.gazetteer.names import find, fold

__all__ = ["RULES", "Gazetteer", "Membership", "doubts", "find", "fold", "load", "version"]
