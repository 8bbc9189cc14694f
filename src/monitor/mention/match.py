"""Every spelling of the lexicon in a text: word borders first, then the leftmost, of these the longest."""

from __future__ import annotations

from monitor.mention.lexicon import Lexicon

Span = tuple[int, int, int]


def spans(lexicon: Lexicon, text: str) -> list[Span]:
    """Non-overlapping (start, end, pattern index) in order. `text` is plain and ends in a space."""
    longest: dict[int, tuple[int, int]] = {}
    open_left, open_right = lexicon.open_left, lexicon.open_right
    for pattern, start, end in lexicon.automaton.find_matches_as_indexes(text, overlapping=True):
        # at the start of the text the index is -1, which is the closing space
        if (text[end].isalnum() and not open_right[pattern]) or (text[start - 1].isalnum() and not open_left[pattern]):
            continue
        longest[start] = (end, pattern)
    found, reached = [], 0
    for start in sorted(longest):
        if start >= reached:
            reached, pattern = longest[start]
            found.append((start, reached, pattern))
    return found
