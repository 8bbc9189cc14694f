"""Lines of an extracted text that are not the article: author lines, bios, related links, subscription boxes."""

from __future__ import annotations

import re

from monitor.article.plain import line_hash

_CAPITAL = r"[A-ZÀ-ÞĀ-Ž][\w’'.-]*"
_TITLE = r"(?:(?:Dr|Prof|Professor|Mr|Mrs|Ms|Sir|Dato|Datuk|Tan Sri|Amb|Ambassador)\.?\s+)?"
_NAME = rf"{_TITLE}{_CAPITAL}(?:\s+(?:{_CAPITAL}|de|van|von|bin|binti|al|el|da|dos|della)){{1,5}}"


def _any(*words: str) -> str:
    return "(?:" + "|".join(words) + ")"


_ROLE = _any(
    "professor|lecturer|fellow|researcher|scholar|analyst|director|editor|journalist|reporter|correspondent|columnist",
    "writer|author|economist|historian|student|candidate|associate|assistant|advis[eo]r|consultant|lawyer|diplomat",
    "ambassador|minister|secretary|president|chair|founder|head|chief|dean|scientist|strategist|freelance|contributor",
    "intern|expert|specialist|graduate|officer|visiting|adjunct|emeritus|senior|research|former|postdoctoral|PhD",
    "teaches|works|writes|lives|holds|leads|covers|served",
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
_RELATED = re.compile(
    _any(
        "read (?:more|also|next|on)|also read|see also|further reading|don['’]t miss",
        "related(?: (?:stories|articles|posts|content|links|topics|reading))?|recommended(?: for you)?",
        "more (?:from|on|in|stories|news|coverage)|you (?:may|might) (?:also )?like|trending|most (?:read|popular)",
        "editor['’]?s?['’]? picks?|watch(?: now| more)?:|listen(?: now| to):|baca juga|simak juga|lire aussi",
        "lea también|leer también|leia também|weiterlesen|mehr zum thema|関連記事|相关阅读|相關新聞|관련기사",
    )
    + r"\b.{0,160}",
    re.IGNORECASE,
)
_PROMOTION = re.compile(
    _any(
        r"(?:please )?subscribe\b|sign up\b|already (?:a )?(?:subscriber|member|registered)|log ?in\b",
        r"register (?:now|to|for|free)|support (?:our|independent|quality|us)",
        r"(?:please )?(?:consider )?donat(?:e|ing)\b|like us on",
        r"become a (?:member|subscriber|supporter)|follow (?:us|@|\w+ on)\b|join (?:us|our|the conversation)",
        r"share this|get (?:the|our|all the|more)\b.{0,80}\b(?:inbox|newsletter|email|alerts?|app)",
        r"(?:download|get) (?:our|the) (?:\w+ )?app|to continue reading|newsletter\b|click here\b|advertisement\b",
        r"this (?:article|story|content) is (?:for|only|exclusive|available)|sponsored\b|never miss|enjoying this",
        r"stay (?:up to date|informed|connected)|have (?:a|your) (?:tip|say)|leave a (?:comment|reply)|add a comment",
        r"comments?(?: are closed)?$|\d+ comments?$",
    ),
    re.IGNORECASE,
)
_PIECE = r"(?:this|the) (?:article|piece|post|story|essay|commentary|analysis|op-ed|content)\b.{0,80}\b"
_NOTICE = re.compile(
    _any(
        r"(?:©|\(c\)|copyright)\s|all rights reserved|disclaimer\b|image credits?\b|photo(?: credit)?s?:",
        _PIECE + r"(?:(?:was )?(?:first|originally) (?:appeared|published|posted)|appeared first)",
        _PIECE + r"(?:(?:is |was )?(?:re)?published (?:in|by|on|with|under|from)|(?:is|was) (?:adapted|excerpted))",
        r"the post .{1,200} appeared first on|the (?:views?|opinions?)(?: and opinions?)? expressed",
        r"(?:views|opinions) (?:expressed )?(?:in this|are (?:those|the author|his|her|their))",
        r"republish(?:ed)? (?:this|our|under)|(?:photo|image|picture|foto|file photo|file picture)\s*[:/]",
        r"tags?:|topics?:|categor(?:y|ies):|filed under|posted (?:in|on|by)|published (?:on|by|at)\b",
        r"last (?:updated|modified)|updated (?:on|at)",
    ),
    re.IGNORECASE,
)
_TAIL_SHARE = 0.7
_HEAD_LINES = 4
_LONGEST_PROMOTION = 45  # words: a paragraph that long is text, whatever its first word
_LONGEST_BIO = 120


def spans(text: str, known_lines: frozenset[int] = frozenset()) -> tuple[tuple[int, int], ...]:
    """Return the code-point spans of boilerplate lines, adjoining ones joined; `known_lines` are line hashes."""
    lines = text.split("\n")
    marked: list[tuple[int, int]] = []
    start = 0
    in_related = False
    for number, line in enumerate(lines):
        words = len(line.split())
        at_tail = start + len(line) / 2 >= _TAIL_SHARE * len(text) or number >= len(lines) - 3
        in_related = _RELATED.fullmatch(line.strip(" -–|»>")) is not None or (in_related and words <= 16 and at_tail)
        is_known = bool(known_lines) and line_hash(line) in known_lines
        if line.strip() and (in_related or is_known or _is_boilerplate(line, number, words, at_tail=at_tail)):
            marked.append((start, start + len(line)))
        start += len(line) + 1
    return _joined(marked)


def _is_boilerplate(line: str, number: int, words: int, *, at_tail: bool) -> bool:
    text = line.strip(" -–|*•»>")
    if words <= 14 and _BYLINE_START.match(text) and _AUTHOR_LINE.fullmatch(text):
        return True
    if words <= _LONGEST_PROMOTION and (_PROMOTION.match(text) or _NOTICE.match(text)):
        return True
    is_placed = at_tail or number < _HEAD_LINES
    return is_placed and words <= _LONGEST_BIO and _is_bio(text)


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
