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
    return [_around(text, ends, start, end) for start, end in spans]


def _is_abbreviation(text: str, at: int) -> bool:
    """A full stop after a title or a single capital (U.S., J. Smith) ends no sentence."""
    if text[at] != ".":
        return False
    word = _LAST_WORD.search(text, max(0, at - 6), at)
    return word is not None and (word[0] in _TITLES or (len(word[0]) == 1 and word[0].isupper()))


def _around(text: str, ends: list[int], start: int, end: int) -> tuple[int, int]:
    before, after = bisect_right(ends, start), bisect_left(ends, end)
    first = ends[before - 1] if before else 0
    last = ends[after] if after < len(ends) else len(text)
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last
