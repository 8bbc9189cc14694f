"""Which language a text is in, as far as the choice of aliases needs it: by script, else by frequent words."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping

SAMPLE = 3000
LEAST = 4
SHORT = 100
SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7a3]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("uk", re.compile(r"[іїєґІЇЄҐ]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("th", re.compile(r"[\u0e01-\u0e5b]")),
    ("lo", re.compile(r"[\u0e81-\u0edf]")),
    ("km", re.compile(r"[\u1780-\u17dd]")),
    ("my", re.compile(r"[\u1000-\u109f]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)
PREFIX = "stop_"
NO_LETTERS = bytes(set(range(128)) - set(string.ascii_letters.encode()))


class Frequent:
    """The frequent words of each language, from the word lists called stop_ and its code."""

    def __init__(self, lists: Mapping[str, frozenset[str]]) -> None:
        self.of = {name.removeprefix(PREFIX): words for name, words in lists.items() if name.startswith(PREFIX)}
        self.foreign = frozenset(word for code, words in self.of.items() if code != "en" for word in words)


def is_plain_english(text: str) -> bool:
    """Whether an ASCII text has a word of English that no other language has: it costs next to nothing to ask."""
    return text.isascii() and (
        " the " in text
        or len(text) < SHORT
        or " and " in text
        or " said " in text
        or " for " in text
        or " from " in text
        or " THE " in text
    )


def detect(text: str, frequent: Frequent) -> str:
    """The language code of a plain text; English where nothing else is sure."""
    if is_plain_english(text):
        return "en"
    sample = text[:SAMPLE]
    if not sample.isascii() and not is_mostly_ascii(sample):
        other = sum(is_of_other_script(c) for c in sample)
        if 4 * other > sum(c.isalpha() for c in sample):
            return _script(sample, other)
    return _words(frozenset(sample.lower().split()), frequent)


def is_of_other_script(char: str) -> bool:
    """Whether a character is a letter that is not Latin; those of Vietnamese are."""
    return char > "\u02ff" and char.isalpha() and not "\u1e00" <= char <= "\u1eff"


def is_mostly_ascii(sample: str) -> bool:
    """Whether no other script can be a quarter of the letters, told without a look at each character."""
    ascii_part = sample.encode("ascii", "ignore")
    return 4 * (len(sample) - len(ascii_part)) <= len(ascii_part.translate(None, NO_LETTERS))


def _script(sample: str, other: int) -> str:
    for code, pattern in SCRIPTS:
        found = len(pattern.findall(sample))
        if 20 * found > other:
            return code
    return "en"


def _words(words: frozenset[str], frequent: Frequent) -> str:
    """The language most of whose frequent words occur; it must beat English clearly."""
    foreign = frequent.foreign & words
    english = len(words & frequent.of.get("en", frozenset()))
    if len(foreign) < max(LEAST, 2 * english + 1):
        return "en"
    scores = {code: len(foreign & own) for code, own in frequent.of.items() if code != "en"}
    best = max(scores, key=lambda code: (scores[code], code))
    return best if scores[best] >= LEAST and scores[best] > 2 * english else "en"
