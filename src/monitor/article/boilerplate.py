"""Lines of an extracted text that are not the article: author lines, bios, related links, subscription boxes."""

from __future__ import annotations

import re

from monitor.article.plain import line_hash

_CAPITAL = r"[A-ZÀ-ÞĀ-Ž][\w’'.-]*"
_TITLE = r"(?:(?:Dr|Prof|Professor|Mr|Mrs|Ms|Sir|Dato|Datuk|Tan Sri|Amb|Ambassador)\.?\s+)?"
_NAME = rf"{_TITLE}{_CAPITAL}(?:\s+(?:{_CAPITAL}|de|van|von|bin|binti|al|el|da|dos|della)){{1,5}}"


def _any(*words: str) -> str:
    return "(?:" + "|".join(words) + ")"


# Offices (president, minister, secretary) are left out: whoever holds one is the news more often than the author.
_ROLE = _any(
    "professor|lecturer|fellow|researcher|scholar|analyst|director|editor|journalist|reporter|correspondent|columnist",
    "writer|author|economist|historian|student|associate|assistant|advis[eo]r|consultant|lawyer|diplomat|dean",
    "scientist|strategist|freelance|contributor|intern|expert|specialist|graduate|visiting|adjunct|emeritus|senior",
    "research|former|postdoctoral|PhD|teaches|writes",
)
_BYLINE_START = re.compile(r"(?:By|BY|Par|Por|Von|Oleh|Written by|Words by|Story by)[:\s]")
_AUTHOR_LINE = re.compile(
    rf"(?:by|par|por|von|oleh|written by|words by|story by)[:\s]+{_NAME}"
    rf"(?:\s*(?:,|and|&|y|et|dan)\s*{_NAME})*\b.{{0,60}}",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"About the authors?\b|(?:The|This) (?:author|writer)s?\b.{0,40}\b(?:is|are|was|has)\b")
_BIO = re.compile(
    rf"{_NAME}(?:,?\s+(?:and|&)\s+{_NAME}|,\s+{_NAME})*(?:,[^,.]{{1,60}},)?\s+"
    r"(?:is|are|was|were|has been|currently|teaches|works|writes|holds|leads|covers|served)\b"
)
_BIO_VERB = re.compile(
    r"\b(?:is|are|was|has been)\s+(?:an?|the|currently|also|one of|at|based|co-)?\s*(?:[\w-]+\s+){0,3}"
    + _ROLE
    + r"s?\b",
    re.IGNORECASE,
)
# these four are asked of lines in lower case, which is three times as fast as a pattern that ignores case
_RELATED = re.compile(
    _any(
        "read (?:more|also|next|on)|also read|see also|further reading|don['’]t miss",
        "related(?: (?:stories|articles|posts|content|links|topics|reading))?|recommended(?: for you)?",
        "more (?:from|on|in|stories|news|coverage)|you (?:may|might) (?:also )?like|trending|most (?:read|popular)",
        "editor['’]?s?['’]? picks?|watch(?: now| more)?:|listen(?: now| to):|baca juga|simak juga|lire aussi",
        "lea también|leer también|leia também|weiterlesen|mehr zum thema|関連記事|相关阅读|相關新聞|관련기사",
    )
    + r"\b.{0,160}"
)
_PROMOTION = re.compile(
    _any(
        r"(?:please )?subscribe\b|sign up (?:for|to|now|here)\b|already (?:a )?(?:subscriber|member|registered)",
        r"register (?:now|for free)|support (?:our (?:work|journalism|mission)|(?:independent|quality) journalism)",
        r"(?:please )?(?:consider )?(?:donate (?:now|today|here|to us|to support)|donating to us)|like us on",
        r"become a (?:paying )?(?:subscriber|supporter)|enjoying this",
        r"follow (?:us (?:on|at|@)|@|\w+ on (?:facebook|twitter|x|instagram))\b",
        r"join (?:us (?:on|for)|our\b|the conversation)|share this\b|to continue reading|click here\b|never miss",
        r"get (?:the|our|all the|more)\b.{0,80}\b(?:inbox|newsletter|email|alerts?|app)\b",
        r"(?:download|get) (?:our|the) (?:\w+ )?app\b|have (?:a|your) (?:tip|say)|leave a (?:comment|reply)",
        r"this (?:article|story|content) is (?:for|only|exclusive|available)|add a comment",
        r"stay (?:up to date|informed|connected) with",
    )
)
_PIECE = r"(?:this|the) (?:article|piece|post|story|essay|commentary|analysis|op-ed|content)\b.{0,80}\b"
_NOTICE = re.compile(
    _any(
        r"©|\(c\)\s|copyright (?:©|\(c\)|\d{4}|by\b)|all rights reserved|disclaimer\b|(?:image|photo) credits?\b",
        _PIECE + r"(?:(?:was )?(?:first|originally) (?:appeared|published|posted)|appeared first)",
        _PIECE + r"(?:(?:is |was )?(?:re)?published (?:in|by|on|with|under|from)|(?:is|was) (?:adapted|excerpted))",
        r"the post .{1,200} appeared first on",
        r"the (?:views?|opinions?)(?: and opinions?)? expressed (?:here|above|herein|are|do not"
        r"|by (?:the )?(?:author|writer)|in (?:this|the (?:article|piece|commentary)))",
        r"(?:views|opinions) (?:expressed )?in this (?:article|piece)",
        r"(?:views|opinions) (?:expressed )?are (?:those|the author|his own|her own|their own)",
        r"republish(?:ed)? (?:this|our|under|with permission)",
    )
)
_LABEL = re.compile(  # only a short line is a label: the same words may open a sentence
    _any(
        r"advertisement\b|sponsored\b|newsletters?\b|log ?in\b|tags?:|topics?:|categor(?:y|ies):|filed under|share:",
        r"posted (?:in|on|by)|published (?:on|by|at)|last (?:updated|modified)|updated (?:on|at)|(?:\d+ )?comments?$",
        r"comments are closed|(?:photos?|image|picture|foto|file (?:photo|picture))\s*[:/]|become a member",
    )
)
# what every line but a bio begins with that is marked by itself: most lines are asked this alone
_SIGN = re.compile(
    "|".join(pattern.pattern for pattern in (_PROMOTION, _NOTICE, _LABEL))
    + "|"
    + _RELATED.pattern.removesuffix(".{0,160}")
    + r"|(?:by|par|por|von|oleh|written by|words by|story by)[:\s]"
)
_EDGES = " -–|*•»>"
_TAIL_SHARE = 0.7
_LONGEST_PROMOTION = 45  # words: a paragraph that long is text, whatever its first word
_LONGEST_LABEL = 12
_LONGEST_BIO = 120


def spans(
    text: str, known_lines: frozenset[int] = frozenset(), author: str | None = None
) -> tuple[tuple[int, int], ...]:
    """Return the code-point spans of boilerplate lines, adjoining ones joined; `known_lines` are line hashes.

    A closing line that begins with the article's own author introduces them, whatever its verb.
    """
    lines = text.split("\n")
    marked: list[tuple[int, int]] = []
    start, in_related = 0, False
    name = (author or "").strip().casefold()
    tail, last = _TAIL_SHARE * len(text), len(lines) - 3
    for number, line in enumerate(lines):
        bare = line.strip(_EDGES)
        at_tail = start + len(line) / 2 >= tail or number >= last
        is_signed = _SIGN.match(bare.lower()) is not None
        in_related = (is_signed and _is_related(line.lower())) or (in_related and at_tail and _is_within(line, 16))
        is_known = bool(known_lines) and line_hash(line) in known_lines
        is_cued = in_related or is_known or (is_signed and _is_notice(bare))
        if is_cued or (at_tail and (_opens_with(bare, name) or _is_bio(bare)) and _is_within(line, _LONGEST_BIO)):
            marked.append((start, start + len(line)))
        start += len(line) + 1
    return _joined([(start, end) for start, end in marked if text[start:end].strip()])


def _is_within(line: str, words: int) -> bool:
    """Whether a line has no more words; asked last, since counting them costs more than all else here."""
    return len(line.split(None, words)) <= words


def _opens_with(line: str, name: str) -> bool:
    return " " in name and line.casefold().startswith(name)


def _is_notice(line: str) -> bool:
    """Whether a line names the author, promotes, notes rights or is a label."""
    if _BYLINE_START.match(line) and _is_within(line, 14) and _AUTHOR_LINE.fullmatch(line):
        return True
    lower = line.lower()
    if _is_within(line, _LONGEST_LABEL) and _LABEL.match(lower):
        return True
    return _is_within(line, _LONGEST_PROMOTION) and bool(_PROMOTION.match(lower) or _NOTICE.match(lower))


def _is_related(lower: str) -> bool:
    """Whether a line leads to other articles; a sentence with its full stop does not."""
    if _RELATED.fullmatch(lower.strip(" -–|»>")) is None:
        return False
    return not lower.rstrip().endswith((".", ".”", '."', "。")) or _is_within(lower, 6)


def _is_bio(text: str) -> bool:
    """Whether a line introduces a person: a name, then what they are."""
    if _ABOUT.match(text):
        return True
    return _BIO.match(text) is not None and _BIO_VERB.search(text[:250]) is not None


def _joined(marked: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for start, end in marked:
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)
