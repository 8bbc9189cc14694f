"""Organisations that the gazetteer does not have, found by their shape: "... University", "Ministry of ..."."""

from __future__ import annotations

import re
import unicodedata

from monitor.mention.context import Context

LEFT = re.compile(r"(?:(?:[A-Z][\w'&-]*\.?|of|and|for|&|de|du|des|la) )+$")
CAPITAL = r"[A-Z][\w'-]*"
LINK = rf" {CAPITAL}| (?:of|for|on|in)(?: the)? {CAPITAL}"
RIGHT = re.compile(rf" (?:the )?{CAPITAL}(?:{LINK})*")
# what a ministry or an institute is for may be two things
RIGHT_JOINED = re.compile(rf" (?:the )?{CAPITAL}(?:{LINK}|,? (?:and|&) {CAPITAL})*")
WORD = re.compile(r"\w+")
ONE_PLACE = ("Bank", "University", "College", "Court", "Party", "Army", "School", "Parliament")
REACH = 90
MOST_WORDS = 12
SMALL = frozenset("of and for the & de du des la on".split())  # noqa: SIM905  # a word list reads better as words
OPENING = frozenset("National State Federal Central Regional International Supreme High New Grand Joint".split())  # noqa: SIM905
CLOSED = frozenset({"University", "College", "Institute", "School", "Academy", "Society", "Foundation"})


def slug(name: str) -> str:
    """The id of an unlisted organisation: x- and its name in plain lower-case letters."""
    if not name.isascii():
        name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return "x-" + "-".join(WORD.findall(name.lower().replace("'s", "s")))


def name_span(ctx: Context, start: int, end: int) -> tuple[int, int] | None:
    """The whole name around a head word, or None when the head stands alone."""
    text = ctx.text
    is_open = " " in text[start:end]
    if is_open:
        pattern = RIGHT if text.startswith(ONE_PLACE, start) else RIGHT_JOINED
        right = pattern.match(text, end, end + REACH)
        if right is None:
            return None
        end = right.end()
    elif text[start:end] not in CLOSED and text[end : end + 2].strip().isupper() and text[end] == " ":
        return None
    left = LEFT.search(text, max(0, start - REACH), start)
    begin = _trim(ctx, left.start(), start) if left else start
    words = text[begin:end].split()
    if len(words) > MOST_WORDS or len(words) < 2:
        return None
    weak = ctx.words["weak_first"]
    if not is_open and all(word in weak for word in words[:-1]):
        return None
    return begin, end


def _trim(ctx: Context, begin: int, start: int) -> int:
    """Past the articles, months and openers of a sentence that are no part of a name."""
    weak, text = ctx.words["weak_first"], ctx.text
    closes = max(text.rfind(mark, begin, start) for mark in (". ", "' "))
    if closes >= 0 and len(text[:closes].rsplit(" ", 1)[-1]) > 2:
        begin = closes + 2
    while begin < start:
        word = text[begin : text.find(" ", begin)]
        if word not in SMALL and (word not in weak or word in OPENING):
            break
        begin += len(word) + 1
    return begin
