"""Organisations that the gazetteer does not have, found by their shape: "... University", "Ministry of ..."."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from operator import itemgetter

from monitor.mention.context import Context

CAPITAL = r"[A-Z][\w'-]*"
DATE = (
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Febr)uary|March|April|May|June|July|August|October"
    r"|(?:Sept|Nov|Dec)ember)\b"
)
LINK = rf" {CAPITAL}| (?:of|for|on)(?: the)? (?!{DATE}){CAPITAL}"
RIGHT = re.compile(rf" (?:the )?{CAPITAL}(?:{LINK})*")
# what a ministry or an institute is for may be two things; what joins members says where they are
PLACED = r"| in (?:the )?" + CAPITAL
# after "and" a day or somebody's begins another thing: "the Ministry of Trade, and Japan's envoy"
AND = rf"|,? (?:and|&) (?!{DATE}|[A-Z][\w-]*'s ){CAPITAL}"
RIGHT_JOINED = re.compile(rf" (?:the )?{CAPITAL}(?:{LINK}{AND})*")
RIGHT_PLACED = re.compile(rf" (?:the )?{CAPITAL}(?:{LINK}{PLACED}{AND})*")
OF_MEMBERS = ("Association", "Chamber", "Council", "Federation", "Union", "Committee")
ONE_PLACE = ("Bank", "University", "College", "Court", "Party", "Army", "School", "Parliament")
PART = re.compile(r"[\w'&-]+\.?")
# a bracket, a quote or a blank line stands before a word that opens a name
OPENED = re.compile(r"(?<![\w'&.-])[^\W\d_][\w'&-]*\.?$")
# "the Republican-led Congress" is no name from its first word on
PARTICIPLE = re.compile(r"-(?:led|run|[a-z]+ed)$")
REACH = 90
MOST_WORDS = 12
SMALL = frozenset("of and for the & de du des la on".split())  # noqa: SIM905  # a word list reads better as words
JOINING = SMALL - {"the", "on"}
OPENING = frozenset("National State Federal Central Regional International Supreme High New Grand Joint First".split())  # noqa: SIM905
CLOSED = frozenset({"University", "College", "Institute", "School", "Academy", "Society", "Foundation"})
OF_STATES = frozenset({"Ministry", "Department", "Bureau", "Office", "Commission"})
OF = re.compile(r" (?:of|for|on) ")
JOINTS = frozenset("Between Among From With Against And At To In Over Under".split())  # noqa: SIM905
NUMERALS = frozenset("One Two Three Four Five".split())  # noqa: SIM905
# with one name before it, this is a president's government
ONE_MAN = frozenset({"Administration"})
WORD = re.compile(r"\w+")


def slug(name: str) -> str:
    """The id of an unlisted organisation: x- and its name in plain lower-case letters."""
    if not name.isascii():
        name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return "x-" + "-".join(WORD.findall(name.lower().replace("'s", "s")))


def name_span(ctx: Context, start: int, end: int, floor: int = 0) -> tuple[int, int, str] | None:
    """The whole name around a head word, and the head by which it is one; None when the head stands alone.

    It begins after `floor`, where another name ends.
    """
    text = ctx.text
    head = text[start:end]
    is_open = " " in head
    if is_open:
        joined = RIGHT_PLACED if text.startswith(OF_MEMBERS, start) else RIGHT_JOINED
        pattern = RIGHT if text.startswith(ONE_PLACE, start) else joined
        right = pattern.match(text, end, end + REACH)
        is_open, close = right is not None, text.index(" ", start)
        head, end = (text[start:end], _without_joint(text, right.end())) if right else (text[start:close], close)
    if not is_open and head not in CLOSED and text[end : end + 2].strip().isupper() and text[end] == " ":
        return None
    begin = _trim(ctx, _left(text, start, max(floor, start - REACH)), start)
    words = text[begin:end].split()
    if len(words) > MOST_WORDS or len(words) < 2 or not is_body(ctx, text[begin:end]):
        return None
    weak = ctx.words["weak_first"]
    if not is_open and all(word in weak for word in words[:-1]):
        return None
    if head in ONE_MAN and len(words) == 2:
        return None
    return begin, end, head


def is_body(ctx: Context, name: str) -> bool:
    """Whether a name may be an organisation's, by its head: the last word, or the last before "of", "for" or "on"."""
    words = OF.split(name, maxsplit=1)[0].split(" ")
    is_venue = words[-1] in ("Center", "Centre") and not ctx.words["venues"].isdisjoint(words[-2:-1])
    return not is_venue and words[-1] not in ctx.words["no_body"]


def _without_joint(text: str, end: int) -> int:
    """Before a last word that only joins: "the Committee on Competition Between the ..."."""
    at = text.rfind(" ", 0, end)
    return at if text[at + 1 : end] in JOINTS else end


def is_generic(ctx: Context, name: str, head: str) -> bool:
    """Whether many countries have a body of this name: "Health Ministry", "Ministry of Foreign Affairs"."""
    first, *rest = head.split()
    if first in CLOSED or (rest and first not in OF_STATES):
        return False
    generic = ctx.words.generic
    return all(word in generic or word == first for word in name.split())


def _left(text: str, start: int, floor: int) -> int:
    """Where the capitalised words begin that lead to a head."""
    begin = start
    while begin > floor and text[begin - 1] == " ":
        at = max(text.rfind(" ", floor, begin - 1) + 1, floor)
        word = text[at : begin - 1]
        if word not in JOINING and not (word[:1].isupper() and PART.fullmatch(word)):
            opened = None if word.islower() else OPENED.search(word)
            return at + opened.start() if opened and word[opened.start()].isupper() else begin
        begin = at
    return begin


def _trim(ctx: Context, begin: int, start: int) -> int:
    """Past the articles, months, persons and openers of a sentence that are no part of a name."""
    weak, text = ctx.words["weak_first"], ctx.text
    before = text[begin:start]
    if ". " in before or "' " in before or " The " in before:
        closes = max(text.rfind(mark, begin, start) for mark in (". ", "' ", " The "))
        if text[closes] == " " or len(text[:closes].rsplit(" ", 1)[-1]) > 2:
            begin = closes + (2 if text[closes] != " " else 5)
    if "'s " in before:
        begin = _past_owner(ctx, begin, start)
    if " of " in before:
        begin = _past_of(ctx, begin, start)
    while begin < start:
        word = text[begin : text.find(" ", begin)]
        if not _opens_no_name(word, weak) or _is_part(text, begin, word):
            break
        begin += len(word) + 1
    return begin


def _is_part(text: str, begin: int, word: str) -> bool:
    """Whether a weak word is part of a name: "Prime Minister's Office", "the Three Brotherhood Alliance"."""
    if word in NUMERALS:
        return text[begin - 4 : begin] in ("the ", "The ")
    return word == "Prime" and text.startswith("Prime Minister's ", begin)


def _opens_no_name(word: str, weak: frozenset[str]) -> bool:
    return (
        (word in weak and word not in OPENING) or word in SMALL or ("-" in word and PARTICIPLE.search(word) is not None)
    )


def _past_owner(ctx: Context, begin: int, start: int) -> int:
    """Past the country that a body is of: "Ireland's Data Protection Commission", "South Korea's National Assembly"."""
    at = bisect_left(ctx.found, begin, key=itemgetter(0))
    while at < len(ctx.found) and ctx.found[at][1] + 3 <= start:
        _, end, sense = ctx.found[at]
        if sense.kind in ("country", "historical") and ctx.text.startswith("'s ", end):
            begin = end + 3
        at += 1
    return begin


def _past_of(ctx: Context, begin: int, start: int) -> int:
    """Past "Representatives of" and "Economist Joel Naroff of", not past "House of" and "Bank of"."""
    at = ctx.text.rfind(" of ", begin, start)
    while at >= begin:
        word = ctx.text[ctx.text.rfind(" ", 0, at) + 1 : at]
        if word not in ctx.words["heads_last"] and word not in ctx.words["houses"]:
            return at + 4
        at = ctx.text.rfind(" of ", begin, at)
    return begin
