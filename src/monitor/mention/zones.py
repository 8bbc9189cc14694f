"""Where in an article a mention stands: title, lead, body or boilerplate."""

from __future__ import annotations

import re
from collections.abc import Sequence

LEAD_WORDS = 100
LONGEST_LEAD = 1000
TAIL_LINES = 6
BIO_LENGTH = 900
BIO = re.compile(
    r"(?:(?:Dr|Prof|Professor|Mr|Ms|Mrs)\.? )?(?:[A-Z][\w.'’-]+,? ){1,6}(?:and (?:[A-Z][\w.'’-]+ ){1,5})?"
    r"(?:is|are|was|works|teaches|writes|holds|serves|covers) .{0,160}?"
    r"\b(?:fellow|professor|lecturer|researcher|student|pursuing|analyst|columnist|correspondent|director|editor|"
    r"journalist|scholar|candidate|author|ambassador|diplomat|economist|historian|consultant|head of|founder|"
    r"specialist|reporter|writer|chair|dean|graduate|intern|strategist|expert|studying|reader in|adviser|advisor|"
    r"coordinator)\b",
)
NOTICE = re.compile(
    r"(?:about the authors?\b|the views (?:and opinions )?expressed|views expressed|the opinions expressed|"
    r"opinions expressed|"
    r"this (?:article|piece|commentary|essay|post) (?:was|is|first|originally|appeared)|originally published|"
    r"first published|"
    r"subscribe|sign up|follow (?:us|him|her|them)\b|all rights reserved|©|copyright|read more:|photo:|image credit|"
    r"support (?:us|our)|download the|share this|click here|my (?:area|research|current|academic)|his research|"
    r"her research|"
    r"their research|currently my|the author(?:s)? (?:is|are)|disclaimer)",
    re.I,
)


def lead_end(text: str) -> int:
    """Where the lead ends: after two paragraphs, at most after 100 words (counted by the white space between them)."""
    limit = _after_words(text)
    first = text.find("\n\n", 0, limit)
    if first < 0:
        return limit
    start = first + 2
    while text[start : start + 1].isspace():
        start += 1
    second = text.find("\n\n", start, limit)
    return limit if second < 0 else second


def _after_words(text: str) -> int:
    """A place where a hundred words of the text have gone by, found by halving."""
    low, high, wanted = 0, min(len(text), LONGEST_LEAD), LEAD_WORDS
    if high < 2 * LEAD_WORDS or _gaps(text, 0, high) < wanted:
        return high
    while high - low > 1:
        middle = (low + high) // 2
        gaps = _gaps(text, low, middle)
        if gaps < wanted:
            low, wanted = middle, wanted - gaps
        else:
            high = middle
    return high


def _gaps(text: str, start: int, end: int) -> int:
    return text.count(" ", start, end) + text.count("\n", start, end)


def boilerplate(text: str, given: Sequence[tuple[int, int]] = ()) -> list[tuple[int, int]]:
    """The given spans, and the author lines, bios and notices that stand at the end of the text."""
    found = list(given)
    tail = _tail(text)
    if tail < len(text):
        found.append((tail, len(text)))
    return found


def _tail(text: str) -> int:
    """Where the closing author lines begin, or the length of the text."""
    end, begin = len(text), len(text)
    floor = len(text) // 2
    for _ in range(TAIL_LINES):
        start = text.rfind("\n", 0, end) + 1
        line = text[start:end].strip()
        if start <= floor or len(line) > BIO_LENGTH:
            break
        if line and (BIO.match(line) or NOTICE.match(line)):
            begin = start
        elif line and not (begin < len(text) and _is_byline(line, text[begin:])):
            break
        elif line:
            begin = start
        end = start - 1
        if end <= 0:
            break
    return begin


def _is_byline(line: str, after: str) -> bool:
    """A short line whose words open the bio below it."""
    return len(line) < 60 and after.lstrip().startswith(line.split(",")[0])
