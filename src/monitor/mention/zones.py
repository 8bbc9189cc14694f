"""Where in an article a mention stands: title, lead, body or boilerplate."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from monitor.mention.closing import is_closing, may_close
from monitor.mention.fold import PARAGRAPH

LEAD_WORDS = 100
LONGEST_LEAD = 1000
# where a lead ends most of the time: looked at first
USUAL_LEAD = 600
TAIL_LINES = 6


def count_in_lead(plain: str, decisions: Sequence[tuple[Any, ...]]) -> int:
    """How many of the decisions, in order, start in the lead of a plain text: two paragraphs, at most 100 words."""
    borders, after, end = _two_paragraphs(plain)
    number = bisect_left(decisions, (min(end, USUAL_LEAD),))
    at = decisions[number - 1][0] if number else 0
    # words before a decision: blanks, and the border between the paragraphs once it lies beyond it
    gaps = plain.count(" ", 0, at)
    while gaps + (borders if at >= after else 0) >= LEAD_WORDS:
        number -= 1
        before = decisions[number - 1][0] if number else 0
        at, gaps = before, gaps - plain.count(" ", before, at)
    while number < len(decisions) and (start := decisions[number][0]) < end:
        gaps += plain.count(" ", at, start)
        if gaps + (borders if start >= after else 0) >= LEAD_WORDS:
            break
        at, number = start, number + 1
    return number


def _two_paragraphs(plain: str) -> tuple[int, int, int]:
    """How many marks stand between the first two paragraphs, where the second begins, where the lead ends at latest."""
    first = plain.find(PARAGRAPH, 0, LONGEST_LEAD)
    if first < 0:
        return 0, LONGEST_LEAD, LONGEST_LEAD
    after = first
    while plain[after : after + 1] in (PARAGRAPH, " "):
        after += 1
    second = plain.find(PARAGRAPH, after, LONGEST_LEAD)
    return plain.count(PARAGRAPH, first, after), after, LONGEST_LEAD if second < 0 else second


def boilerplate(text: str, given: Sequence[tuple[int, int]] = ()) -> list[tuple[int, int]]:
    """The given spans, and the author lines, bios and notices that stand at the end of the text."""
    found = list(given)
    tail = _tail(text)
    if tail < len(text):
        found.append((tail, len(text)))
    return found


def _tail(text: str) -> int:
    """Where the closing lines begin, or the length of the text."""
    end, begin = len(text), len(text)
    floor = len(text) // 2
    for _ in range(TAIL_LINES):
        start = text.rfind("\n", 0, end) + 1
        line = text[start:end].strip()
        if start <= floor:
            break
        if line and (is_closing(line) or (begin < len(text) and _is_byline(line, text[begin:]))):
            begin = start
        elif line and not may_close(line):
            break
        end = start - 1
        if end <= 0:
            break
    return begin


def _is_byline(line: str, after: str) -> bool:
    """A short line whose words open the bio below it."""
    return len(line) < 60 and after.lstrip().startswith(line.split(",")[0])
