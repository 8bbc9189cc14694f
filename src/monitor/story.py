"""Near-duplicate signatures: articles that share a band are candidates for one story.

MinHash over shingles of words (Broder 1997), banded (Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, 3.4):
28 bands of 3 rows find .96 of the pairs that have half of their shingles in common (a copy with as much boilerplate as
text) and .9999 of those with one word in twenty changed, while unrelated articles share a band once in a million pairs.
"""

from __future__ import annotations

import re
import struct
from hashlib import blake2b

from rensa import RMinHash

_PERMUTATIONS = 84
_ROWS = 3
_WORDS = 4  # words of a shingle
_CHARACTERS = 8  # of a shingle where words are not separated by spaces
_SEED = 1
_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def shingles(text: str) -> list[str]:
    """The text as overlapping runs of four words, or of eight characters in scripts without spaces."""
    folded = text.casefold()
    if 2 * len(_UNSPACED.findall(folded)) > len(folded):
        letters = "".join(_WORD.findall(folded))
        return [letters[i : i + _CHARACTERS] for i in range(len(letters) - _CHARACTERS + 1)]
    words = _WORD.findall(folded)
    return list(map(" ".join, zip(*(words[i:] for i in range(_WORDS)), strict=False)))


def signature_bands(text: str) -> list[tuple[int, int]]:
    """(band, hash) pairs, hash a signed 32-bit integer; none for a text too short to have a shingle."""
    found = shingles(text)
    if not found:
        return []
    sketch = RMinHash(_PERMUTATIONS, _SEED)
    sketch.update(found)
    digest = struct.pack(f"<{_PERMUTATIONS}I", *sketch.digest())
    width = 4 * _ROWS
    return [(i // width, _hash(digest[i : i + width])) for i in range(0, len(digest), width)]


def similarity(text_a: str, text_b: str) -> float:
    """Jaccard similarity of two texts' shingles, 0 to 1; 0 when one has none."""
    a, b = set(shingles(text_a)), set(shingles(text_b))
    return len(a & b) / len(a | b) if a and b else 0.0


def _hash(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=4).digest(), "little", signed=True)
