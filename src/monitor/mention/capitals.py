"""A capital that acts or is addressed as a government is a metonym; a capital where something happens is a place."""

from __future__ import annotations

from bisect import bisect_left
from operator import itemgetter

from monitor.mention.context import Context
from monitor.mention.lexicon import Sense
from monitor.mention.verdict import Verdict, uncounted, veto

ACTING = uncounted("capital that acts")
PLACE = veto("capital as a place")


def capital(ctx: Context, start: int, end: int, sense: Sense) -> Verdict | None:
    """Never counted as the country's name; kept as a metonym when it acts."""
    text, words = ctx.text, ctx.words
    before = ctx.previous_word(start)
    if before.lower() in words["place_before"] or sense.shouted or text[end] == ",":
        return PLACE
    if text.startswith("'s ", end):
        return ACTING if ctx.next_word(end + 2) in words["had"] else PLACE
    after = ctx.next_word(end)
    if (
        before in words["addressed"]
        or after in words["acts"]
        or (after in ("is", "was") and _is_minded(ctx, end, after))
    ):
        return ACTING
    if before == "and" and "between " in text[max(0, start - 40) : start]:
        return ACTING
    return ACTING if after == "and" and _is_one_of_two(ctx, end) else PLACE


def _is_one_of_two(ctx: Context, end: int) -> bool:
    """Such as "Washington and Tokyo agreed"."""
    other = bisect_left(ctx.found, end, key=itemgetter(0))
    if other == len(ctx.found) or ctx.found[other][0] != end + len(" and ") or ctx.found[other][2].rule != "capital":
        return False
    return ctx.next_word(ctx.found[other][1]) in ctx.words["acts"]


def _is_minded(ctx: Context, end: int, verb: str) -> bool:
    """Such as "is seeking" and "was ready", not "is the capital"."""
    word = ctx.next_word(end + 1 + len(verb))
    return word.endswith("ing") or word in ctx.words["disposed"]
