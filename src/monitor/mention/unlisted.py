"""Organisations that the gazetteer does not have: by shape, or by the acronym that the text defines."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter

from monitor.mention.context import Context
from monitor.mention.definitions import Definition, bound_to, by_acronym
from monitor.mention.lexicon import Sense
from monitor.mention.resolve import STATES, Decision
from monitor.mention.shapes import CLOSED, is_body, is_generic, name_span, slug
from monitor.mention.spots import spots
from monitor.mention.verdict import Verdict, uncounted
from monitor.records import Alias

INSIDE = uncounted("inside an organisation's name")
GENERIC = uncounted("a name that many bodies bear")
DEFINED = Verdict(keep=True, rule="defined in the text")
INITIALS = Verdict(keep=True, rule="initials of a name in the text")
LEAST_INITIALS = 3


def add_unlisted(ctx: Context, decisions: list[Decision], defined: Sequence[Definition]) -> list[Decision]:
    """The decisions with unlisted organisations instead of bare head words, in order."""
    new = _by_definition(ctx, defined) if defined else []
    shapes = [d for d in decisions if d[2].kind == "shape"]
    if not new and not shapes:
        return decisions
    found = [d for d in decisions if d[2].kind != "shape"]
    taken = [(d[0], d[1]) for d in found if d[2].kind in ("organisation", "treaty") and (d[3] is None or d[3].keep)]
    taken += [(d[0], d[1]) for d in new]
    for start, end, *_ in shapes:
        named = name_span(ctx, start, end, _floor(start, taken))
        if named and not _overlaps(named[:2], taken):
            begin, close, head = named
            taken.append((begin, close))
            rule = GENERIC if is_generic(ctx, ctx.text[begin:close], head) else _by_rule(f"shape: {head}")
            new.append(_mention((begin, close), ctx.text[begin:close], rule))
    if not new:
        return found
    new += _by_initials(ctx, new, found)
    closed = [(d[0], d[1]) for d in new if not CLOSED.isdisjoint((d[4] or "").split())]
    # an acronym that the text defines for another gives way to the new mention
    spans = {d[:2] for d in new}
    kept = [d for d in found if d[:2] not in spans]
    if closed:
        kept = [_inside(d, closed) if d[2].kind in STATES else d for d in kept]
    return sorted(sorted(kept + new, key=itemgetter(1), reverse=True), key=itemgetter(0))


def _floor(start: int, taken: list[tuple[int, int]]) -> int:
    """Where the last name before a place ends."""
    floor = 0
    for _, end in taken:
        if floor < end <= start:
            floor = end
    return floor


def _overlaps(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    begin, close = span
    for start, end in taken:  # noqa: SIM110  # a third of the time of any() with a generator
        if start < close and begin < end:
            return True
    return False


def _inside(decision: Decision, closed: list[tuple[int, int]]) -> Decision:
    start, end, sense, verdict, name = decision
    if (verdict is None or verdict.keep) and any(a <= start and end <= b for a, b in closed):
        return start, end, sense, INSIDE, name
    return decision


@lru_cache(10_000)
def _sense(name: str, form: str) -> Sense:
    return Sense(Alias(slug(name), name, form=form), "organisation")


@lru_cache(1000)
def _by_rule(rule: str) -> Verdict:
    return Verdict(keep=True, rule=rule)


def _mention(span: tuple[int, int], name: str, rule: Verdict, form: str = "name") -> Decision:
    return span[0], span[1], _sense(name, form), rule, name


def _by_initials(ctx: Context, new: list[Decision], found: list[Decision]) -> list[Decision]:
    """Later acronyms of unlisted names, without a bracket: "the International Federation of Journalists ... the IFJ".

    One that the gazetteer has for another body is bound as well, unless the text has that body's full name.
    """
    named = {d[0]: d[2].entity_id for d in found if d[3] is None or d[3].keep}
    full = {d[2].entity_id for d in found if d[2].form == "name"}
    taken, own = {d[0] for d in new}, []
    for _, end, sense, _, name in new:
        letters = "".join(word[0] for word in (name or "").replace("-", " ").split() if word[0].isupper())
        if sense.form != "name" or len(letters) < LEAST_INITIALS or ctx.text.find(letters, end) < 0:
            continue
        for start in spots(ctx.text, letters):
            if start > end and start not in taken and named.get(start) not in full:
                taken.add(start)
                own.append(_mention((start, start + len(letters)), name or "", INITIALS, "abbreviation"))
    return own


def _by_definition(ctx: Context, defined: Sequence[Definition]) -> list[Decision]:
    bodies = [d for d in defined if d.sense is None and is_body(ctx, d.name)]
    new = [_mention((d.start, d.end), d.name, DEFINED) for d in bodies]
    for acronym, own in by_acronym(defined).items():
        for start in spots(ctx.text, acronym):
            bound = bound_to(own, start)
            if bound.sense is None and bound in bodies:
                new.append(_mention((start, start + len(acronym)), bound.name, DEFINED, "abbreviation"))
    return new
