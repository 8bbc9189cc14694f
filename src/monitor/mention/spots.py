"""Where phrases stand in a text as words of their own: for a few phrases and long texts faster than a pattern."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def spots(text: str, phrase: str) -> Iterator[int]:
    """Every place where a phrase starts and ends at borders of words. `text` ends in a space."""
    start = text.find(phrase)
    while start >= 0:
        end = start + len(phrase)
        before, after = text[start - 1], text[end]
        if not (before.isalnum() or after.isalnum() or before == "_" or after == "_"):
            yield start
        start = text.find(phrase, start + 1)


def standing(text: str, phrases: Iterable[str]) -> Iterator[str]:
    """Those of the phrases that stand in the text."""
    return (phrase for phrase in phrases if phrase in text and next(spots(text, phrase), None) is not None)


def first_of(text: str, phrases: Iterable[str]) -> str | None:
    """The phrase that stands first in the text; of those that start together the first given."""
    found = ((next(spots(text, phrase), None), phrase) for phrase in phrases if phrase in text)
    placed = [(at, phrase) for at, phrase in found if at is not None]
    return min(placed, key=lambda place: place[0])[1] if placed else None
