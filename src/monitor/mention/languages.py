"""Rules for demonyms that are languages: "in French", "speaks only Dutch", "into Russian, English and Vietnamese"."""

from __future__ import annotations

import re

from monitor.mention.context import Context
from monitor.mention.fold import PARAGRAPH
from monitor.mention.lexicon import Sense
from monitor.mention.verdict import Verdict, veto

LANGUAGE = veto("language")
NEXT = re.compile(r"(?:,|,? and|,? or) (?:(?:some|a little|a bit of|basic) )?([A-Z][a-z]+)(?=[.,;:)?!\" ])")
# "in French and signed it", "in French and in Greek", while "in Chinese and foreign markets" are no languages
GOES_ON = re.compile(
    r" (?:and|or) (?:\w+ed|hung|said|sang|sent|sold|sung|read|wrote|then|later|in|is|was|were|has|had|not)\b"
)
INTO, JOINING = ("in", "into"), ("and", "or")
CLOSING = (*'.;:)?!"', PARAGRAPH)
BEGUN = re.compile(r"(\S+) (?:[A-Z][a-z]+,? (?:and |or )?)+$")


def language(ctx: Context, start: int, end: int, sense: Sense, word: str) -> Verdict | None:
    """A demonym after a word such as "in" or "speaks", or a manner after that: "spoke halting Thai".

    What a list goes on with are languages too: "speaks Spanish, Portuguese and Greek".
    """
    if sense.form != "demonym" or sense.alias not in ctx.words["language_demonyms"] or sense.shouted:
        return None
    frame = _frame(ctx, start, word)
    if frame is None:
        return None
    listed = _listed(ctx, end)
    last = listed[-1].end() if listed else end
    if frame in INTO:
        if not _is_over(ctx, last):
            return None
    elif not listed and not _is_free(ctx, end):
        return None
    elif listed and not _is_free(ctx, last):
        listed.pop()
    ctx.listed |= {name.start(1): LANGUAGE for name in listed}
    return LANGUAGE


def _frame(ctx: Context, start: int, word: str) -> str | None:
    """The word that asks for a language, before its manner or its list: "in" of "in English and French"."""
    if word in ctx.words["language_manner"]:
        before = ctx.previous_word(start - len(word) - 1)
        return before if ctx.before.get(before) == "language_before" else None
    first = ctx.previous_word(start - len(word) - 1) if word in JOINING else word
    if first.rstrip(",") in ctx.words["languages_only"]:
        begun = BEGUN.search(ctx.text, max(0, start - 60), start)
        return begun[1] if begun and ctx.before.get(begun[1]) == "language_before" else None
    return None if word in JOINING else word


def _listed(ctx: Context, end: int) -> list[re.Match[str]]:
    """The languages that a list goes on with."""
    found: list[re.Match[str]] = []
    while (more := NEXT.match(ctx.text, end)) and (
        more[1] in ctx.words["language_demonyms"] or more[1] in ctx.words["languages_only"]
    ):
        found.append(more)
        end = more.end()
    return found


def _is_free(ctx: Context, end: int) -> bool:
    """Whether nothing follows that a people could have: "teaches French to children", not "French law"."""
    word = ctx.next_word(end)
    return not word[:1].isalpha() or word in ctx.words["after_language"]


def _is_over(ctx: Context, end: int) -> bool:
    """Whether the phrase ends: "in French, and in Greek", not "in French, Belgian and Dutch ports"."""
    mark = ctx.text[end]
    if mark == " ":
        word = ctx.next_word(end)
        return (
            end == len(ctx.text) - 1
            or GOES_ON.match(ctx.text, end) is not None
            or (word in ctx.words["after_language"] and word not in ("and", "or"))
        )
    return mark in CLOSING or (mark == "," and ctx.text[end + 2 : end + 3].islower())
