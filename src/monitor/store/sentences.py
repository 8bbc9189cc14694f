"""Where sentences begin and end, near given spans: evidence shows them, co-mentions count within them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

_TITLES = "Mr Ms Dr Mrs Gen Col Maj Capt Lt Sgt St Prof Rev Hon Sen Rep Gov Pres No vs Jr Sr"
# a full stop after a title or a single capital (U.S., J. Smith) ends no sentence
_ABBREVIATED = "".join(rf"(?<!\b{title}\.)" for title in _TITLES.split()) + r"(?<!\b[^\W\d_a-zß-ÿ]\.)"
_STOP = re.compile(  # begins with one set of characters, which makes the search ten times as fast as alternatives
    r"[.!?…。！？\n](?:(?<=\n)|(?<=[。！？])[”’」』]*"
    rf"|(?<=[.!?…])(?=[\"'”’)\]]*\s+[\"'“‘(\[]*[^\Wa-z_]){_ABBREVIATED}[\"'”’)\]]*)"
)


def sentence_spans(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sentence (start, end in code points) around each span; several if the span crosses an end."""
    ends = [stop.end() for stop in _STOP.finditer(text)]
    return [_around(text, ends, start, end) for start, end in spans]


def _around(text: str, ends: list[int], start: int, end: int) -> tuple[int, int]:
    before, after = bisect_right(ends, start), bisect_left(ends, end)
    first = ends[before - 1] if before else 0
    last = ends[after] if after < len(ends) else len(text)
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last
