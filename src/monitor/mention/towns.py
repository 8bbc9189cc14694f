"""Rules for American towns that bear a country's name: what stands around one of them, firm or a weak sign."""

from __future__ import annotations

import re

from monitor.mention.context import Context
from monitor.mention.lexicon import Sense
from monitor.mention.verdict import Verdict, veto

TOWN = veto("town")
EVENT = veto("tournament")
WARE = veto("ware")
LISTED = re.compile(r" (?:and )?(([A-Z]\w+)(?: [A-Z]\w+)?)")
IN_STATE = re.compile(r" [A-Z][a-z]+, ([A-Z][\w.]+)")


def before_town_word(ctx: Context, start: int, end: int, sense: Sense, role: str, word: str) -> Verdict | None:
    """A town's body or inhabitants are firm signs for the whole text, its officers and buildings weak ones."""
    if role == "town_after":
        is_school = word != "High" or ctx.next_word(end + 5) not in ctx.words["not_school"]
        return _town_compound(ctx, start, sense, word) if is_school else None
    if role == "mascots":
        return _team(ctx, sense)
    if role == "ware":
        return _event(ctx, end, word)
    if role == "dateline":
        _note_dateline(ctx, start, end, sense)
        return None
    if (role == "town_body" and _is_body(ctx, end, sense)) or (
        word in ctx.words["town_inhabitants"] and (sense.is_small_town or (sense.is_town and ctx.is_local))
    ):
        ctx.towns |= {sense.alias}
        return TOWN
    if sense.is_small_town and word in ctx.words["town_people"]:
        ctx.maybe_towns |= {sense.alias}
    return None


def begins_town(ctx: Context, end: int) -> bool:
    """Such as "Mexico Beach, Fla."."""
    place = IN_STATE.match(ctx.text, end)
    return place is not None and place[1].rstrip(",;") in ctx.words["state_marks"]


def _town_compound(ctx: Context, start: int, sense: Sense, word: str) -> Verdict | None:
    """Such as "Lebanon Road", not "the Uganda-Kenya Road"."""
    if not sense.is_town or ctx.text[start - 1] == "-":
        return None
    if word in ctx.words["town_firm"]:
        ctx.towns |= {sense.alias}
    return TOWN


def _event(ctx: Context, end: int, word: str) -> Verdict | None:
    """Such as "the China Open", not "China Open to Talks", and "the China Buffet"."""
    if word == "Open":
        beyond = ctx.next_word(end + 5)
        return None if beyond in ("to", "for") or beyond[:1].isupper() else EVENT
    return WARE if word in ctx.words["eateries"] else None


def _note_dateline(ctx: Context, start: int, end: int, sense: Sense) -> None:
    """Such as "LEBANON - A fire": a weak sign, since news from abroad begin with a city's name."""
    is_apart = not ctx.previous_word(start).isupper() and not ctx.is_shouted(start, end)
    if sense.is_small_town and sense.shouted and is_apart and ctx.has_county:
        ctx.maybe_towns |= {sense.alias}


def _team(ctx: Context, sense: Sense) -> Verdict | None:
    """Such as "the Peru Tigers", a weak sign that the bare name is the town's."""
    if sense.is_small_town:
        ctx.maybe_towns |= {sense.alias}
    return TOWN if sense.is_town else None


def _is_body(ctx: Context, end: int, sense: Sense) -> bool:
    """Such as "Lebanon City Council" and "the China town manager"."""
    return sense.is_town and any(ctx.text.startswith(phrase, end + 1) for phrase in ctx.words["town_bodies"])


def state_follows(ctx: Context, sense: Sense, start: int, end: int) -> bool:
    """Such as "Lebanon, Pa." and "Peru, Indiana"; a list of places may run on from a large country to a state."""
    if ctx.text[end + 1] != " " or not ctx.text[end + 2 : end + 3].isupper():
        return False
    words = ctx.text[end + 2 : end + 26].split(" ")[:2]
    if sense.alias in ctx.words["small_towns"]:
        word, two = words[0].rstrip(",;:)"), " ".join(words).rstrip(".,;:)")
        return word in ctx.words.states or word.rstrip(".") in ctx.words["states"] or two in ctx.words["states"]
    if sense.alias not in ctx.words["towns"]:
        return False
    if words[0].rstrip(",;:)") in ctx.words["state_marks"]:
        return True
    if words[0][-1:] not in ",.;)" or words[0][:-1] not in ctx.words["states"]:
        return False
    before = ctx.previous_word(start).lower()
    if before in ctx.words["place_before"] or before in ("the", "a", "an"):
        return True
    return (not before or before[-1] == ".") and not _runs_on(ctx, end + 2 + len(words[0]))


def _runs_on(ctx: Context, at: int) -> bool:
    """Whether a list of places goes on to another state: "Canada, Maine, and New Hampshire"."""
    place = LISTED.match(ctx.text, at)
    return place is not None and not ctx.words["states"].isdisjoint((place[1], place[2]))


def is_of_country(ctx: Context, start: int) -> bool:
    """Whether what is "of" a place is a country's: "Queen Noor of Jordan", "ABB Ltd of Norway"."""
    words = ctx.text[max(0, start - 30) : start].split()
    return words[-1] == "of" and not ctx.words["of_country"].isdisjoint(words[-3:-1])


def is_town_of(ctx: Context, start: int, sense: Sense) -> bool:
    """Such as "the city of Lebanon": firm for the whole text."""
    if sense.alias not in ctx.words["towns"]:
        return False
    if " ".join(ctx.text[max(0, start - 30) : start].split()[-2:]) not in ctx.words["town_before"]:
        return False
    ctx.towns |= {sense.alias}
    return True
