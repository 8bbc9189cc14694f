"""Lines that people read: which characters have no place in one, and the names nearest to one that was misspelt."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

# Control characters, other ends of a line, halves of surrogate pairs, what XML has no place for, and the controls that
# turn the direction of what follows: with those a name reads as another. What joins and parts letters is text.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def unfit(text: str) -> str:
    """The first character that has no place in a line, such as U+202E; nothing when all have."""
    found = _UNFIT.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


def fit(text: str) -> str:
    """The text with U+FFFD for every character that has no place in a line."""
    return _UNFIT.sub("\ufffd", text)


def near(word: str, words: Iterable[str], count: int = 1, cutoff: float = 0.6) -> list[str]:
    """The words that are spelt most like one, the best first, whatever their case."""
    known = {name.casefold(): name for name in words}
    return [known[name] for name in difflib.get_close_matches(word.casefold(), known, count, cutoff)]


def nearest(word: str, words: Iterable[str]) -> str:
    """A suggestion to append to a message, or nothing."""
    close = near(word, words)
    return f" (did you mean {close[0]}?)" if close else ""
