"""Where sentences begin and end, near given spans: evidence shows them, co-mentions count within them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

_STOP = re.compile(  # begins with one set of characters, which makes the search ten times as fast as alternatives
    r"[.!?…。！？\n](?:(?<=\n)|(?<=[。！？])[”’」』]*|(?<=[.!?…])[\"'”’)\]]*(?=\s+[\"'“‘(\[]*[^\Wa-z_]))"
)
_LAST_WORD = re.compile(r"\w*$")
_TITLES = {
    *("Mr", "Ms", "Dr", "Mrs", "Gen", "Col", "Maj", "Capt", "Lt", "Sgt", "St"),
    *("Prof", "Rev", "Hon", "Sen", "Rep", "Gov", "Pres", "No", "vs", "Jr", "Sr"),
}


def sentence_spans(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sentence (start, end in code points) around each span; several if the span crosses an end."""
    ends = [stop.end() for stop in _STOP.finditer(text) if not _is_abbreviation(text, stop.start())]
    borders = [0, *ends, len(text)]
    trimmed: dict[tuple[int, int], tuple[int, int]] = {}
    found = []
    for start, end in spans:
        key = bisect_right(ends, start), bisect_left(ends, end) + 1
        sentence = trimmed.get(key)
        if sentence is None:
            sentence = trimmed[key] = _trimmed(text, borders[key[0]], borders[key[1]])
        if sentence[0] > start or sentence[1] < end:  # the span itself has blanks at its ends
            sentence = min(sentence[0], start), max(sentence[1], end)
        found.append(sentence)
    return found


def _is_abbreviation(text: str, at: int) -> bool:
    """A full stop after a title or a single capital (U.S., J. Smith) ends no sentence."""
    if text[at] != "." or (at >= 5 and text[at - 5 : at].isalnum()):  # no title has five letters
        return False
    word = _LAST_WORD.search(text, max(0, at - 6), at)
    return word is not None and (word[0] in _TITLES or (len(word[0]) == 1 and word[0].isupper()))


def _trimmed(text: str, first: int, last: int) -> tuple[int, int]:
    """A stretch without the blanks at its ends."""
    stretch = text[first:last]
    return first + len(stretch) - len(stretch.lstrip()), first + len(stretch.rstrip())
