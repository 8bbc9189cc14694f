"""Text -> mentions of countries, historical states, organisations, regions and treaties, each with its reason."""

from monitor.mention.tagger import Tagger

__all__ = ["Tagger"]
