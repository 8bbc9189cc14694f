"""Many spellings looked for in one pass over a text, and those of them that stand as words of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import ahocorasick_rs

# half of a surrogate pair is no character, but JSON may hold one
UTF8 = ("utf-8", "surrogatepass")
# accents as question marks: fewer than 128 kinds of bytes, with which the fast form takes half the memory
PLAIN = ("ascii", "replace")


class Automaton:
    """Every pattern in a text, overlapping ones too; the compact form is slower and takes a tenth of the memory."""

    def __init__(self, patterns: Sequence[str], *, compact: bool = False) -> None:
        # one byte a character, which needs no map of offsets, where names are written in Latin letters
        self._is_plain = all(map(_is_latin, patterns))
        kind = ahocorasick_rs.Implementation
        # over bytes, which is a tenth faster than over text
        self._find = ahocorasick_rs.BytesAhoCorasick(
            [pattern.encode(*(PLAIN if self._is_plain else UTF8)) for pattern in patterns],
            matchkind=ahocorasick_rs.MatchKind.Standard,
            implementation=kind.ContiguousNFA if compact else kind.DFA,
        ).find_matches_as_indexes
        self._patterns = patterns
        self._marked = frozenset(k for k, p in enumerate(patterns) if not p.isascii() or "?" in p)

    def hits(self, text: str) -> list[tuple[int, int, int]]:
        """Every (pattern index, start, end) in a text, whatever its borders, by their ends."""
        if not self._is_plain:
            return self._hits_in_utf8(text)
        if text.isascii() and "?" not in text:
            return self._find(text.encode(), True)
        found = self._find(text.encode(*PLAIN), True)
        # what a question mark stands for is looked at in the text
        marked, patterns = self._marked, self._patterns
        return [hit for hit in found if hit[0] not in marked or text[hit[1] : hit[2]] == patterns[hit[0]]]

    def _hits_in_utf8(self, text: str) -> list[tuple[int, int, int]]:
        body = text.encode(*UTF8)
        found = self._find(body, True)
        if len(body) == len(text):
            return found
        points, seen, last = [], 0, 0
        for pattern, _, end in found:
            seen, last = seen + len(body[last:end].decode(*UTF8)), end
            points.append((pattern, seen - len(self._patterns[pattern]), seen))
        return points


class Phrases:
    """Phrases of which one asks whether a text has them, whole words, as written. A text ends in a space."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases = list(dict.fromkeys(phrases))
        self._automaton = Automaton(self._phrases)

    def standing(self, text: str) -> frozenset[str]:
        """Those of the phrases that stand in the text."""
        return frozenset(self._phrases[pattern] for _, pattern in self._places(text))

    def first(self, text: str) -> str | None:
        """The phrase that stands first in the text; of those that start together the first given."""
        place = min(self._places(text), default=None)
        return None if place is None else self._phrases[place[1]]

    def nearest(self, text: str, at: int) -> str | None:
        """The phrase that starts nearest to a place."""
        place = min(self._places(text), key=lambda place: abs(place[0] - at), default=None)
        return None if place is None else self._phrases[place[1]]

    def _places(self, text: str) -> list[tuple[int, int]]:
        """Where a phrase starts, and its number."""
        return [
            (start, pattern)
            for pattern, start, end in self._automaton.hits(text)
            if not (text[end].isalnum() or text[end] == "_" or text[start - 1].isalnum() or text[start - 1] == "_")
        ]


def _is_latin(pattern: str) -> bool:
    """Whether ASCII says most of a name; else its question marks would be found everywhere in its script."""
    return 2 * len(pattern.encode("ascii", "ignore")) > len(pattern)
