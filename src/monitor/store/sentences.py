"""Where sentences begin and end, near given spans: evidence shows them, co-mentions count within them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

_TITLES = "Mr|Ms|Dr|Mrs|Gen|Col|Maj|Capt|Lt|Sgt|St|Prof|Rev|Hon|Sen|Rep|Gov|Pres|No|vs|Jr|Sr"
_NOT_AFTER = "".join(rf"(?<!\b{word})" for word in _TITLES.split("|"))
_END = re.compile(
    rf"(?:(?<!\b[A-Z]){_NOT_AFTER}\.|[!?…])[\"'”’)\]]*(?=\s+[\"'“‘(\[]*[^\Wa-z_])|[。！？]+[”’」』]*|\s*\n"
)


def sentence_spans(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sentence (start, end in code points) around each span; several if the span crosses an end."""
    ends = [match.end() for match in _END.finditer(text)]
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
