"""Acronyms that a text defines: "East Asia Summit (EAS)". After Schwartz and Hearst (2003), a little stricter.

A definition is believed when the acronym's letters are found in its name from right to left, the first at the start
of the name and at least half of them at starts of words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from monitor.mention.context import Context
from monitor.mention.lexicon import Sense

BRACKET = re.compile(r" \((?:the )?[\"']?([A-Z][A-Za-z0-9&.+-]{1,9})[\"']?(?:[;,] [^()]{1,40})?\)")
SMALL = frozenset(["of", "and", "for", "the", "on", "in", "&", "de", "la", "du", "des", "to"])
LONGEST = 110
MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Definition:
    """An acronym bound to a listed sense, or to a name that the gazetteer does not have."""

    acronym: str
    start: int
    end: int
    sense: Sense | None
    name: str


def explains(acronym: str, name: str) -> bool:
    """Whether the letters of an acronym come, in order, from starts of words and from inside of words of a name."""
    letters = [c for c in acronym.lower() if c.isalnum()]
    words = re.findall(r"\w+", name.lower())
    if name[0].isupper() and letters in ([w[0] for w in words], [w[0] for w in words if w not in SMALL]):
        return True
    low, at, starts = name.lower(), len(name), 0
    for number, letter in enumerate(reversed(letters), 1):
        at = low.rfind(letter, 0, at)
        while number == len(letters) and at > 0 and low[at - 1].isalnum():
            at = low.rfind(letter, 0, at)
        if at < 0:
            return False
        starts += at == 0 or not low[at - 1].isalnum()
    return at == 0 and name[0].isupper() and 3 * starts >= 2 * len(letters)


def definitions(ctx: Context) -> list[Definition]:
    """Every believed definition of a text, in order."""
    found = []
    ends = {end: (start, sense) for start, end, sense in ctx.found if sense.kind != "veto"}
    for match in BRACKET.finditer(ctx.text):
        acronym, close = match[1], match.start()
        if not any(c.isupper() for c in acronym[1:]) and not acronym[1:].isdigit():
            continue
        if close in ends and ends[close][1].entity_id:
            start, sense = ends[close]
            if explains(acronym, ctx.text[start:close]) or explains(acronym, sense.alias):
                found.append(Definition(acronym, start, close, sense, sense.alias))
            continue
        begin = _unlisted(ctx.text, acronym, close)
        if begin is not None:
            found.append(Definition(acronym, begin, close, None, ctx.text[begin:close]))
    return found


def _unlisted(text: str, acronym: str, close: int) -> int | None:
    """Where the capitalised name before a bracket starts that explains the acronym: the shortest that does."""
    if len(acronym) < 3:
        return None
    begin, words = close, 0
    while begin > 0 and words < MOST_WORDS and close - begin < LONGEST:
        at = text.rfind(" ", 0, begin - 1) + 1
        word = text[at : begin if begin == close else begin - 1]
        if not word or (word not in SMALL and not (word[0].isupper() and word[-1].isalnum())):
            return None
        begin, words = at, words + 1
        if (
            words > 1
            and word[0].isupper()
            and word[0].lower() == acronym[0].lower()
            and explains(acronym, text[at:close])
        ):
            return at
    return None
