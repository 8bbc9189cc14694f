"""A capital that acts or is addressed as a government is a metonym; a capital where something happens is a place."""

from __future__ import annotations

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
    if before in words["addressed"] or ctx.next_word(end) in words["acts"]:
        return ACTING
    return PLACE
