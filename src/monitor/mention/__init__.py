"""Text -> mentions of countries, historical states, organisations, regions and treaties, each with its reason."""

from monitor.mention.facts import Concerned, differing, facts
from monitor.mention.tagger import Explanation, Tagger, tagger_version

__all__ = ["Concerned", "Explanation", "Tagger", "differing", "facts", "tagger_version"]
