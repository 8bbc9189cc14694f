"""Text -> mentions of countries, historical states, organisations, regions and treaties, each with its reason."""

from monitor.mention.tagger import Explanation, Tagger, tagger_version

__all__ = ["Explanation", "Tagger", "tagger_version"]
