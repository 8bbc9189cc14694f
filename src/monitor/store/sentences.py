"""Where sentences begin and end, near given spans: evidence shows them, co-mentions count within them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

_TITLES = "Mr Ms Dr Lt St No vs Jr Sr|Mrs Gen Col Maj Sgt Rev Hon Sen Rep Gov|Capt Prof Pres"
_CAPITALS = "".join(char for char in map(chr, range(0x2000)) if char.isupper()) + "Ａ-Ｚ"
# a full stop after a title or a single capital (U.S., J. Smith) ends no sentence; what looks back has one length
_WHOLE = "".join(rf"(?<!\b(?:{same.replace(' ', '|')})\.)" for same in (*_TITLES.split("|"), f"[{_CAPITALS}]"))
_CLOSED = r"[\"'”’)\]]*"
_OPENS = rf"(?={_CLOSED}\s+[\"'“‘(\[]*[^\Wa-z_])"
# a pattern for each mark: one that begins with a single character is found many times faster than one of several
_STOPS = {
    ".": re.compile(rf"\.{_OPENS}{_WHOLE}{_CLOSED}"),
    "\n": re.compile(r"\n"),
    **{mark: re.compile(rf"{re.escape(mark)}{_OPENS}{_CLOSED}") for mark in "!?…"},
    **{mark: re.compile(rf"{mark}[”’」』]*") for mark in "。！？"},
}


def sentence_spans(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sentence (start, end in code points) around each span; several if the span crosses an end."""
    ends: list[int] = []
    for mark, pattern in _STOPS.items():
        if mark in text:
            ends += [stop.end() for stop in pattern.finditer(text)]
    ends.sort()
    borders = [0, *ends, len(text)]
    trimmed: dict[tuple[int, int], tuple[int, int]] = {}
    found = []
    for start, end in spans:
        first = bisect_right(ends, start)
        key = first, bisect_left(ends, end, first) + 1
        sentence = trimmed.get(key)
        if sentence is None:
            sentence = trimmed[key] = _trimmed(text, borders[first], borders[key[1]])
        if sentence[0] > start or sentence[1] < end:  # the span itself has blanks at its ends
            sentence = min(sentence[0], start), max(sentence[1], end)
        found.append(sentence)
    return found


def _trimmed(text: str, first: int, last: int) -> tuple[int, int]:
    """A stretch without the blanks at its ends."""
    stretch = text[first:last]
    return first + len(stretch) - len(stretch.lstrip()), first + len(stretch.rstrip())
