"""Rules for names that mean two things: Georgia, Korea, Congo, Jersey, Indian, American and the like."""

from __future__ import annotations

import re
from bisect import bisect_left
from operator import itemgetter

from monitor.mention.context import Context
from monitor.mention.countries import HYPHENATED, country
from monitor.mention.lexicon import Sense
from monitor.mention.verdict import Verdict, means, veto

STATE = veto("the state of Georgia")
NO_NATION = veto("prefix without a nation")
ORDER = veto("religious order")
IN_CONGRESS = re.compile(
    r"\b(?:Rep|Sen|Gov|Reps|Sens)\. [^.;:]{2,40} of $|\b(?:Democrat|Republican)s? (?:from|of|in) $"
    r"|\b(?:[Cc]ongress(?:wo)?man|[Ss]enator|Representative|Governor) [^.;:]{2,36} of $"
)
BESIDE = re.compile(r"(?:,? and|,? or|,) (([A-Z][a-z]+)(?: [A-Z][a-z]+)?)")
BEFORE = re.compile(r"(?:\b|^)((?:North |South |New |West )?([A-Z][a-z]+))(?:,? and|,? or|,) $")


def georgia(ctx: Context, start: int, end: int, sense: Sense) -> Verdict | None:
    """The state of Georgia or the country, by what stands beside it and what else the text names."""
    verdict = country(ctx, start, end, sense)
    if verdict:
        return verdict
    if sense.form == "name" and not ctx.score("georgia_own") and _is_beside_a_state(ctx, start, end):
        return STATE
    named = sum(found.kind == "veto" and "Georgia" in found.alias for _, _, found in ctx.found)
    state = ctx.score("georgia_state") + 2 * named
    nation = ctx.score("georgia_country") + ctx.score("georgia_own")
    if state == nation == 0:
        state = ctx.score("states") or ctx.is_local
    if state > nation:
        return STATE
    if state == nation > 0:
        near = ctx.text[max(0, start - 150) : end + 150]
        here = len(ctx.words.pattern("georgia_state").findall(near))
        there = len(ctx.words.pattern("georgia_country").findall(near))
        there += len(ctx.words.pattern("georgia_own").findall(near))
        return STATE if here > there else None
    return None


def _is_beside_a_state(ctx: Context, start: int, end: int) -> bool:
    """Such as "Georgia voters", "Rep. Marjorie Greene of Georgia", "Georgia, Arizona and Michigan"."""
    text, words = ctx.text, ctx.words
    if ctx.next_word(end) in words["georgia_people"] or IN_CONGRESS.search(text, max(0, start - 50), start):
        return True
    after, before = BESIDE.match(text, end), text[max(0, start - 30) : start]
    if after and not words["states"].isdisjoint((after[1], after[2])):
        return True
    listed = BEFORE.search(before)
    return listed is not None and not words["states"].isdisjoint((listed[1], listed[2]))


def korea(ctx: Context, start: int, end: int, sense: Sense) -> Verdict | None:
    """Bare Korea is the South, unless the text speaks of the North alone."""
    north = "PRK" in ctx.sure or ctx.score("korea_north")
    south = "KOR" in ctx.sure or ctx.score("korea_south")
    if north and not south and ctx.aliases.isdisjoint(("North Korea", "DPR Korea")):  # who says so means the South
        return country(ctx, start, end, sense) or means("PRK", "bare Korea in a text of the North")
    return country(ctx, start, end, sense)


def congo(ctx: Context, start: int, end: int, sense: Sense) -> Verdict | None:
    """Which Congo, by its capital, its persons and its wars."""
    kinshasa = ctx.score("congo_kinshasa") + 2 * ("COD" in ctx.sure)
    brazzaville = ctx.score("congo_brazzaville") + 2 * ("COG" in ctx.sure)
    if kinshasa > brazzaville:
        return country(ctx, start, end, sense) or means("COD", "Congo beside Kinshasa's names")
    return country(ctx, start, end, sense)


def jersey(ctx: Context, start: int, end: int, sense: Sense) -> Verdict | None:
    """The island needs its neighbours; otherwise it is New Jersey or a shirt."""
    if ctx.score("jersey_state") or not ctx.score("jersey_island"):
        return veto("New Jersey, or a shirt")
    return country(ctx, start, end, sense)


def indian(ctx: Context, start: int, end: int, sense: Sense) -> Verdict | None:
    """Of India, unless the text is of American Indians or the name of an American place."""
    if ctx.next_word(end) in ctx.words["indian_after"]:
        return veto("place name")
    if ctx.score("indian_native") > 2 * (ctx.score("indian_country") + 2 * ("India" in ctx.aliases)):
        return veto("American Indian")
    return country(ctx, start, end, sense)


def dominican(ctx: Context, start: int, end: int, sense: Sense) -> Verdict | None:
    """Of the Dominican Republic, unless the text speaks of Dominica more, or of friars."""
    island = sum(found.alias == "Dominica" for _, _, found in ctx.found)
    republic = sum(found.alias == "Dominican Republic" for _, _, found in ctx.found)
    if island > republic and "Santo Domingo" not in ctx.text:
        return means("DMA", "Dominican in a text of Dominica")
    if not island and not republic and ctx.score("dominican_order"):
        return ORDER
    return country(ctx, start, end, sense)


def america(ctx: Context, start: int, end: int, sense: Sense) -> Verdict | None:
    """Not when a name ends in "of America"."""
    if ctx.text.startswith("of ", start - 3):
        words = ctx.text[max(0, start - 40) : start - 4].split(" ")
        if words[-1] in ctx.words["of_america"]:
            return veto("inside a name")
    return country(ctx, start, end, sense)


def american(ctx: Context, start: int, end: int, sense: Sense) -> Verdict | None:
    """A people within the United States is not a mention of it; "Cuban-American relations" is."""
    if ctx.text[start - 1] in "- ":
        index = bisect_left(ctx.found, start, key=itemgetter(0))
        is_people = index > 0 and ctx.found[index - 1][1] == start - 1 and ctx.found[index - 1][2].form == "demonym"
        if is_people and ctx.next_word(end) not in ctx.words["relation"]:
            return HYPHENATED
    return country(ctx, start, end, sense)


def not_shouted(ctx: Context, start: int, end: int, sense: Sense) -> Verdict | None:
    """A word in all capitals is the common noun."""
    return veto("common noun in capitals") if sense.shouted else country(ctx, start, end, sense)


def prefix(ctx: Context, start: int, end: int, sense: Sense) -> Verdict | None:
    """Sino-, Russo- and the like before another nation."""
    is_compound = ctx.text[end] == "-" and ctx.text[end + 1].isupper()
    return None if is_compound else NO_NATION
