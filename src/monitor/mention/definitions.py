"""Acronyms that a text defines: "East Asia Summit (EAS)". After Schwartz and Hearst (2003), a little stricter.

A definition is believed when the acronym's letters are found in its name in order, the first at the start of the name
and two thirds of them at starts of words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitor.mention.context import Context
from monitor.mention.lexicon import Sense

# begins with the bracket, since a single character is found faster than the blank and it
BRACKET = re.compile(r"\((?<= \()(?:the )?[\"']?([A-Z][A-Za-z0-9&.+-]{1,9})[\"']?(?:[;,] [^()]{1,40})?\)")
PARTY = re.compile(r"[RDI]-[A-Z][A-Za-z]*\.?")  # of a member of the US Congress, and the state: "(R-AL)"
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


@lru_cache(10_000)
def explains(acronym: str, name: str) -> bool:
    """Whether the letters of an acronym come in order from a name, two thirds of them from starts of its words."""
    letters = [c for c in acronym.lower() if c.isalnum()]
    low = name.lower()
    if not letters or not name or not name[0].isupper() or low[0] != letters[0]:
        return False
    if letters == [word[0].lower() for word in name.split(" ") if word[:1].isupper()]:
        return True
    at = 0
    for letter in letters:
        at = low.find(letter, at) + 1
        if not at:
            return False
    # the most starts of words that the letters so far can be, by the place of the last of them
    best = {0: 1}
    for letter in letters[1:]:
        following: dict[int, int] = {}
        most = 0
        for at in range(1, len(low)):
            most = max(most, best.get(at - 1, 0))
            if most and low[at] == letter:
                following[at] = most + (not low[at - 1].isalnum())
        best = following
    return 3 * max(best.values(), default=0) >= 2 * len(letters)


def definitions(ctx: Context) -> list[Definition]:
    """Every believed definition of a text, in order."""
    brackets = list(BRACKET.finditer(ctx.text))
    if not brackets:
        return []
    found = []
    closes = {match.start() - 1 for match in brackets}
    ends = {end: (start, sense) for start, end, sense in ctx.found if end in closes and sense.kind != "veto"}
    for match in brackets:
        acronym, close = match[1], match.start() - 1
        if (acronym[1:] == acronym[1:].lower() and not acronym[1:].isdigit()) or PARTY.fullmatch(acronym):
            continue
        if close in ends and ends[close][1].entity_id:
            start, sense = ends[close]
            if explains(acronym, ctx.text[start:close]) or explains(acronym, sense.alias):
                found.append(Definition(acronym, start, close, sense, sense.alias))
            continue
        begin = _unlisted(ctx.text, acronym, close)
        if begin is not None:
            found.append(Definition(acronym, begin, close, _listed(ctx, acronym, begin, close), ctx.text[begin:close]))
    return found


def _listed(ctx: Context, acronym: str, begin: int, close: int) -> Sense | None:
    """The organisation of the gazetteer that is most of a defined name and explains its acronym, if there is one."""
    for start, end, sense in ctx.found:
        is_most = start < close and begin < end and 2 * (end - start) > close - begin
        if sense.kind == "organisation" and is_most and explains(acronym, ctx.text[start:end]):
            return sense
    return None


def by_acronym(defined: Sequence[Definition]) -> dict[str, list[Definition]]:
    """The definitions of each acronym, in order."""
    found: dict[str, list[Definition]] = {}
    for definition in defined:
        found.setdefault(definition.acronym, []).append(definition)
    return found


def bound_to(own: Sequence[Definition], at: int) -> Definition:
    """What an acronym at a place stands for: the last of its definitions before, else the first after."""
    return own[0] if len(own) == 1 else next((d for d in reversed(own) if d.start <= at), own[0])


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
