"""Organisations that the gazetteer does not have: by shape, or by the acronym that the text defines."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.mention.context import Context
from monitor.mention.definitions import Definition, spots
from monitor.mention.lexicon import Sense
from monitor.mention.resolve import Decision
from monitor.mention.shapes import CLOSED, name_span, slug
from monitor.mention.verdict import Verdict, uncounted
from monitor.records import Alias

INSIDE = uncounted("inside an organisation's name")


def add_unlisted(ctx: Context, decisions: list[Decision], defined: Sequence[Definition]) -> list[Decision]:
    """The decisions with unlisted organisations instead of bare head words, in order."""
    found = [d for d in decisions if d[2].kind != "shape"]
    taken = [(d[0], d[1]) for d in found if d[2].kind in ("organisation", "treaty") and (d[3] is None or d[3].keep)]
    new = _by_definition(ctx, defined)
    taken += [(d[0], d[1]) for d in new]
    for start, end, sense, _, _ in decisions:
        if sense.kind == "shape" and (span := name_span(ctx, start, end)) and not _overlaps(span, taken):
            taken.append(span)
            new.append(_mention(span, ctx.text[span[0] : span[1]], f"shape: {sense.alias}"))
    if not new:
        return found
    closed = [(d[0], d[1]) for d in new if not CLOSED.isdisjoint((d[4] or "").split())]
    spans = [(d[0], d[1]) for d in new]
    kept = [_inside(d, closed) for d in found if not _is_covered(d, spans)]
    return sorted(kept + new, key=lambda d: (d[0], -d[1]))


def _overlaps(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return any(a < span[1] and span[0] < b for a, b in taken)


def _is_covered(decision: Decision, spans: list[tuple[int, int]]) -> bool:
    """An acronym that the text defines for another, where the new mention stands."""
    return any(a == decision[0] and b == decision[1] for a, b in spans)


def _inside(decision: Decision, closed: list[tuple[int, int]]) -> Decision:
    start, end, sense, verdict, name = decision
    if (
        (verdict is None or verdict.keep)
        and sense.kind in ("country", "historical")
        and any(a <= start and end <= b for a, b in closed)
    ):
        return start, end, sense, INSIDE, name
    return decision


def _mention(span: tuple[int, int], name: str, rule: str, form: str = "name") -> Decision:
    sense = Sense(Alias(slug(name), name, form=form), "organisation")
    return span[0], span[1], sense, Verdict(keep=True, rule=rule), name


def _by_definition(ctx: Context, defined: Sequence[Definition]) -> list[Decision]:
    new = []
    for definition in defined:
        if definition.sense is None:
            new.append(_mention((definition.start, definition.end), definition.name, "defined in the text"))
            for start in spots(ctx.text, definition.acronym):
                span = start, start + len(definition.acronym)
                new.append(_mention(span, definition.name, "defined in the text", "abbreviation"))
    return new
