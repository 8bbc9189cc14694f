"""Names that share a word: "North and South Korea", "African and Asian Development Banks", "the two Koreas"."""

from __future__ import annotations

from operator import itemgetter

from monitor.mention.context import Context
from monitor.mention.lexicon import Sense
from monitor.mention.resolve import Decision
from monitor.mention.verdict import Verdict

JOINING = frozenset({"and ", "AND ", " or "})
RULE = Verdict(keep=True, rule="coordinated name")
BOTH = Verdict(keep=True, rule="a plural for two states")


def add_coordinated(ctx: Context, decisions: list[Decision], senses: dict[str, Sense]) -> list[Decision]:
    """The decisions with the first name of each such pair, which the text has by its first word or by a plural."""
    text = ctx.text
    joined = [d for d in decisions if d[2].is_phrase and text[max(0, d[0] - 4) : d[0]] in JOINING]
    new = []
    for start, end, sense, verdict, _ in joined:
        kept = verdict is None or verdict.keep
        if kept and sense.entity_id and (first := _first(ctx, start, end, sense, senses)):
            new.append(first)
    twins: list[Decision] = [
        (start, end, sense.twin, BOTH, None)
        for start, end, sense, verdict, _ in decisions
        if sense.twin and (verdict is None or verdict.keep)
    ]
    if not new:
        return sorted(decisions + twins, key=itemgetter(0)) if twins else decisions
    spans = [(d[0], d[1]) for d in new]
    others = [d for d in decisions if not any(a < d[1] and d[0] < b for a, b in spans)]
    return sorted(others + new + twins, key=itemgetter(0))


def _first(ctx: Context, start: int, end: int, sense: Sense, senses: dict[str, Sense]) -> Decision | None:
    text = ctx.text
    _, space, rest = text[start:end].partition(" ")
    close = start - (4 if text[start - 4] == " " else 5)
    begin = text.rfind(" ", 0, close) + 1
    if not space or text[close] != " " or not text[begin : begin + 1].isupper() or not text[close - 1].isalpha():
        return None
    before = ctx.previous_word(begin)
    if before[:1].isupper() and before.isalpha() and before not in ctx.words["weak_first"]:
        return None  # the "East" of "Middle East and North Africa" is the end of a name
    # "Bangladesh and World Bank" are no two banks: organisations share a word in the plural only
    for tail in (rest.removesuffix("s"),) if rest.endswith("s") else (rest,) * (sense.kind != "organisation"):
        found = senses.get(f"{text[begin:close]} {tail}")
        if found and found.kind == sense.kind and found.entity_id != sense.entity_id:
            return begin, close, found, RULE, None
    return None
