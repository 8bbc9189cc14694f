"""Every spelling of the lexicon in a text: word borders first, then the leftmost, of these the longest."""

from __future__ import annotations

from monitor.mention.lexicon import Lexicon, Sense

Found = tuple[int, int, Sense]


def spans(lexicon: Lexicon, text: str) -> tuple[list[Found], bool]:
    """Non-overlapping (start, end, sense) in order, and whether there is a wide gap between two words.

    `text` is plain and ends in a space.
    """
    found: list[Found] = []
    has_gap = False
    first, open_left, open_right = lexicon.first, lexicon.open_left, lexicon.open_right
    reached = 0
    # the automaton gives them by their ends, so that a later one can only take the place of those at the close
    for pattern, start, end in lexicon.hits(text):
        if not pattern:
            after = text[end : end + 1]
            has_gap = has_gap or (text[start - 1].isalpha() and (after == " " or after.isalpha()))
            continue
        # at the start of the text the index is -1, which is the closing space; most borders are one, which is soon told
        after, before = text[end], text[start - 1]
        if (after != " " and after.isalnum() and not open_right[pattern]) or (
            before != " " and before.isalnum() and not open_left[pattern]
        ):
            continue
        if start >= reached:
            found.append((start, end, first[pattern]))
        elif found[-1][0] == start:
            found[-1] = (start, end, first[pattern])
        else:
            kept = len(found)
            while kept and found[kept - 1][0] >= start:
                kept -= 1
            if kept and found[kept - 1][1] > start:
                continue
            found[kept:] = [(start, end, first[pattern])]
        reached = end
    return found, has_gap
