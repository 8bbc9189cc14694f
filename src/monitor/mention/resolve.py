"""The rules applied to the matches of one text: each match with its verdict, kept or not."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.mention.capitals import capital
from monitor.mention.context import Context
from monitor.mention.countries import Rule, country
from monitor.mention.definitions import Definition, bound_to, by_acronym
from monitor.mention.homonyms import (
    america,
    american,
    congo,
    dominican,
    georgia,
    indian,
    jersey,
    korea,
    not_shouted,
    prefix,
)
from monitor.mention.lexicon import Sense
from monitor.mention.organisations import commonwealth, evidence, organisation, whole
from monitor.mention.persons import PERSON
from monitor.mention.spots import spots
from monitor.mention.towns import TOWN
from monitor.mention.verdict import Verdict, veto

RULES: dict[str, Rule] = {
    "georgia": georgia,
    "korea": korea,
    "congo": congo,
    "jersey": jersey,
    "indian": indian,
    "dominican": dominican,
    "america": america,
    "american": american,
    "not-shouted": not_shouted,
    "prefix": prefix,
    "capital": capital,
    "evidence": evidence,
    "commonwealth": commonwealth,
    "whole": whole,
}
STATES = ("country", "historical")
INSIDE = Verdict(keep=True, rule="inside a ministry's name")
DEFINED = Verdict(keep=True, rule="defined in the text", form="abbreviation")
DEFINED_OTHERWISE = veto("the text defines it otherwise")


# a plain tuple, since there is one for every match: start, end, sense, why (None: nothing spoke against it), and the
# name of an organisation that the gazetteer does not have
Decision = tuple[int, int, Sense, Verdict | None, str | None]


def give_rule(sense: Sense) -> None:
    """Set the rule that a sense is asked by, or what holds of it without asking."""
    if sense.rule in RULES:
        sense.check = RULES[sense.rule]
    elif sense.kind in ("country", "historical"):
        sense.check = country
    elif sense.kind == "veto":
        sense.verdict = veto(sense.reason or "vetoed phrase")
    elif sense.form == "abbreviation" and not sense.inner:
        sense.check = organisation


def decide(ctx: Context, defined: list[Definition]) -> list[Decision]:
    """A decision for every match of the context."""
    decisions: list[Decision] = []
    add = decisions.append
    for start, end, sense in ctx.found:
        check = sense.check
        if check is not None:
            add((start, end, sense, check(ctx, start, end, sense), None))
            continue
        add((start, end, sense, sense.verdict, None))
        if sense.inner:
            decisions.extend((start + s, start + e, inner, INSIDE, None) for s, e, inner in sense.inner)
    if defined:
        bound, text = by_acronym(defined), ctx.text
        decisions = [_defined(d, own) if (own := bound.get(text[d[0] : d[1]])) else d for d in decisions]
        decisions = _add_acronyms(ctx, decisions, bound)
    if ctx.listed:
        decisions = [(*d[:3], ctx.listed.get(d[0], d[3]), d[4]) for d in decisions]
    if ctx.persons or ctx.towns or ctx.maybe_towns:
        names = towns(ctx)
        asked = names | ctx.persons
        return [_one_sense(ctx, d, names) if d[2].alias in asked else d for d in decisions]
    return decisions


def _defined(decision: Decision, own: list[Definition]) -> Decision:
    start, end, sense, _, _ = decision
    definition = bound_to(own, start)
    if definition.sense is None:
        return start, end, sense, DEFINED_OTHERWISE, None
    return start, end, definition.sense, DEFINED, None


def _add_acronyms(ctx: Context, decisions: list[Decision], bound: Mapping[str, list[Definition]]) -> list[Decision]:
    """Also the acronyms that only this text has for an entity of the gazetteer."""
    starts = {decision[0] for decision in decisions}
    new: list[Decision] = []
    for acronym, own in bound.items():
        for start in spots(ctx.text, acronym):
            sense = bound_to(own, start).sense
            if sense is not None and start not in starts:
                new.append((start, start + len(acronym), sense, DEFINED, None))
    return sorted(decisions + new, key=lambda d: d[0]) if new else decisions


def towns(ctx: Context) -> frozenset[str]:
    """The names that are American towns in this text: by a firm sign, or by weak ones in a text of American places."""
    is_local = ctx.maybe_towns and (ctx.is_local or (ctx.has_local and not _speaks_of_others(ctx)))
    names = ctx.towns | ctx.maybe_towns if is_local else ctx.towns
    return frozenset(name for name in names if name in ctx.datelines or not _is_abroad(ctx, name))


def _speaks_of_others(ctx: Context) -> bool:
    """Whether the text names a foreign country other than those that may be towns."""
    named = [s for _, _, s in ctx.found if s.kind in STATES and s.rule != "capital" and s.entity_id != "USA"]
    return any(s.alias not in ctx.maybe_towns for s in named)


def _is_abroad(ctx: Context, town: str) -> bool:
    """Whether the text has the country of that name by another name, or its capital, or speaks of three others."""
    entity = next((sense.entity_id for _, _, sense in ctx.found if sense.alias == town), None)
    here = ctx.persons | ctx.towns | ctx.maybe_towns | {town}
    named = [sense for _, _, sense in ctx.found if sense.kind == "country" and sense.alias not in here]
    others = {sense.entity_id for sense in named if sense.rule != "capital"}
    return any(sense.entity_id == entity for sense in named) or len(others - {"USA"}) > 2


def _one_sense(ctx: Context, decision: Decision, names: frozenset[str]) -> Decision:
    """What a name meant once in a text it means again, unless a place is plainly meant."""
    start, end, sense, verdict, name = decision
    if (verdict is not None and not verdict.keep) or not (sense.form == "name" or sense.is_given):
        return decision
    if sense.alias in names:
        return start, end, sense, TOWN, name
    if _is_abroad(ctx, sense.alias) and not (sense.alias in ctx.persons and _speaks(ctx, end, sense)):
        return decision
    is_place = ctx.previous_word(start).lower() in ctx.words["place_before"]
    return decision if is_place else (start, end, sense, PERSON, name)


def _speaks(ctx: Context, end: int, sense: Sense) -> bool:
    """Whether a name does what persons do, and its country is named no other way: "Holland said"."""
    is_named = any(other.entity_id == sense.entity_id and other.alias != sense.alias for _, _, other in ctx.found)
    return not is_named and ctx.next_word(end) in ctx.words["speaks"]
