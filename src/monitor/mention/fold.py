"""Typography made plain without moving an offset, or with a map back where it must move."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

# each is one code point for one code point, so that offsets stay those of the text
PLAIN = {
    "\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u00b4": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
    "\u2010": "-", "\u2011": "-", "\u2013": "-", "\u2014": "-", "\u201c": '"', "\u201d": '"', "\uff0e": ".",
}  # fmt: skip
PARAGRAPH = "\x1e"
# begins with the blanks, which are found faster than a letter before them
WIDE_GAP = re.compile(r"  (?<=[^\W\d_]  ) *(?=[^\W\d_])")


def plain_text(text: str) -> str:
    """The text with plain quotes, dashes and spaces, one space for a line break, same length.

    A blank line stays a border that no name runs across.
    """
    if not text.isascii():
        for mark, plain in PLAIN.items():
            text = text.replace(mark, plain)
    if "\r" in text or "\t" in text:
        text = text.replace("\r\n", " \n").replace("\r", "\n").replace("\t", " ")
    return text.replace("\n\n", PARAGRAPH + PARAGRAPH).replace("\n", " ")


def spellings(alias: str) -> set[str]:
    """The ways that a plain text may write an alias: composed, decomposed, without accents."""
    if alias.isascii():
        return {plain_text(alias)}
    composed = unicodedata.normalize("NFC", plain_text(alias))
    decomposed = unicodedata.normalize("NFD", composed)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    if not any("\u00c0" <= c <= "\u024f" or "\u1e00" <= c <= "\u1eff" for c in composed):
        bare = composed
    return {composed, decomposed, bare}


class Offsets:
    """Positions in a text whose wide gaps were closed, mapped back to the text as it was."""

    def __init__(self, text: str) -> None:
        self.starts = [0]
        self.shifts = [0]
        pieces, last, lost = [], 0, 0
        for gap in WIDE_GAP.finditer(text):
            pieces.append(text[last : gap.start() + 1])
            last = gap.end()
            lost += gap.end() - gap.start() - 1
            self.starts.append(last - lost)
            self.shifts.append(lost)
        self.text = "".join((*pieces, text[last:]))

    def original(self, position: int) -> int:
        """The position in the text as it was of a position in the closed text."""
        return position + self.shifts[bisect_right(self.starts, position) - 1]
