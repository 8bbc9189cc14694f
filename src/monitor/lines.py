"""Lines that people read: the names nearest to one that was misspelt."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def near(word: str, words: Iterable[str], count: int = 1, cutoff: float = 0.6) -> list[str]:
    """The words that are spelt most like one, the best first, whatever their case."""
    known = {name.casefold(): name for name in words}
    return [known[name] for name in difflib.get_close_matches(word.casefold(), known, count, cutoff)]


def nearest(word: str, words: Iterable[str]) -> str:
    """A suggestion to append to a message, or nothing."""
    close = near(word, words)
    return f" (did you mean {close[0]}?)" if close else ""
