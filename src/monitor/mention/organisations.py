"""Rules for acronyms and names of organisations that are words, or mean several things."""

from __future__ import annotations

from monitor.mention.context import Context
from monitor.mention.cues import Claims, beside
from monitor.mention.lexicon import Sense
from monitor.mention.verdict import Verdict, means, veto

NO_EVIDENCE = veto("no evidence")
TICKER = veto("ticker")
LONGER = veto("end of a longer name")
OFFICE = Verdict(keep=True, rule="its head or its officials")
NAMED = Verdict(keep=True, rule="full name in the text")


def organisation(ctx: Context, start: int, end: int, sense: Sense) -> Verdict | None:
    """What every acronym is asked: <ICC.L> is a ticker."""
    if sense.form == "abbreviation" and ctx.text[start - 1] == "<" and ctx.text[end] in ".>":
        return TICKER
    return None


def whole(ctx: Context, start: int, end: int, sense: Sense) -> Verdict | None:
    """Not as the end of a longer name ("Industrial Bank of Korea"), nor as another's ("Nigeria's security council")."""
    before = ctx.previous_word(start)
    if before.capitalize() in ctx.words["longer_before"] or (
        sense.entity_id == "unsc" and _is_others(ctx, end, before)
    ):
        return LONGER
    return organisation(ctx, start, end, sense)


def _is_others(ctx: Context, end: int, before: str) -> bool:
    """Such as "the Security Council of Ukraine" and "Nigeria's security council"."""
    owner = ctx.text[end + 4 : end + 24].removeprefix("the ") if ctx.text.startswith(" of ", end) else ""
    is_placed = bool(owner) and not owner.startswith(("U.N.", "UN ", "United Nations", "world body"))
    return is_placed or (before.endswith("'s") and before[:-2] in ctx.aliases)


def evidence(ctx: Context, start: int, end: int, sense: Sense) -> Verdict | None:
    """Kept with the full name elsewhere in the text, or a cue near it; an acronym that is a word not among capitals.

    An acronym of several bodies is the one whose full name the text has, else the one whose cue stands near.
    """
    if sense.form == "abbreviation" and ctx.is_shouted(start, end) and (verdict := _shouted(ctx, start, end, sense)):
        return verdict
    if ctx.text[start - 1] == "<" or ctx.text[end] == "$":
        return TICKER
    if sense.entity_id in ctx.sure:
        return NAMED
    claims = ctx.cues.of(sense.alias)
    for rival in claims.rivals:
        if rival in ctx.in_full:
            return means(rival, NAMED.rule)
    return _near(ctx, start, end, claims)


def _shouted(ctx: Context, start: int, end: int, sense: Sense) -> Verdict | None:
    """An acronym that is a word is one among capitals; "DOCTORS WHO FLED SYRIA" is not "WHO CHIEF TO VISIT CHAD"."""
    if sense.alias in ctx.words["shouted_words"]:
        return NO_EVIDENCE
    if sense.alias != "WHO":
        return None
    if ctx.previous_word(start) in ctx.words["who_persons"]:
        return NO_EVIDENCE
    return OFFICE if ctx.next_word(end) in ctx.words["who_offices"] else None


def _near(ctx: Context, start: int, end: int, claims: Claims) -> Verdict:
    """What stands near; of an acronym of several bodies the nearest cue tells."""
    for entity in claims.entities:
        if entity in ctx.sure:
            return beside(entity)
    if not claims.phrases:
        return NO_EVIDENCE
    near, at = ctx.near(start, end)
    word = claims.phrases.nearest(near, at) if claims.others else claims.phrases.first(near)
    if word is None:
        return NO_EVIDENCE
    other = claims.others.get(word)
    return means(other, beside(repr(word)).rule) if other else beside(repr(word))


def commonwealth(ctx: Context, start: int, end: int, sense: Sense) -> Verdict | None:
    """The Commonwealth of Nations by what follows it, or by such a sign elsewhere in the text."""
    if ctx.text.startswith(" of ", end) or ctx.score("commonwealth_veto"):
        return veto("another commonwealth")
    follows = ctx.words["commonwealth_after"]
    rest = ctx.text[end + 1 : end + 40]
    if ctx.next_word(end) in follows or any(rest.startswith(phrase) for phrase in follows if " " in phrase):
        return Verdict(keep=True, rule="its ministers, members or games")
    before = ctx.text[max(0, start - 24) : start].removesuffix("the ").rstrip()
    if any(before.endswith(f" {phrase}") for phrase in ctx.words["commonwealth_before"]):
        return Verdict(keep=True, rule="its members")
    if "commonwealth" in ctx.sure or _elsewhere(ctx, follows):
        return Verdict(keep=True, rule="named so elsewhere in the text")
    return NO_EVIDENCE


def _elsewhere(ctx: Context, follows: frozenset[str]) -> bool:
    return any(sense.entity_id == "commonwealth" and ctx.next_word(end) in follows for _, end, sense in ctx.found)
