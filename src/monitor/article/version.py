"""Which extraction made an article's text, stored with the article."""

from __future__ import annotations

from importlib.metadata import version

_RULES = 5
EXTRACTOR_VERSION = f"trafilatura-{version('trafilatura')}+rules-{_RULES}"
