"""The lines that close an article and are not of it: who wrote it, where it stood before, what to read next.

A closing sentence of the article itself may begin with a person's name too, so a name alone is no sign: it takes a
profession that is not the news more often than the author ("is a lecturer", not "is president"), or a verb that news
have no use for ("teaches", "writes on"). A line on "he" or "she" closes with a line on a person, not by itself.
"""

from __future__ import annotations

import re

LONGEST = 900
_EDGES = " \t(*_—–-•·|\"“'‘[>~"
_WORD = r"[^\W\d_][\w.'’-]*"
_NAME = rf"(?:(?:Dr|Prof|Professor|Mr|Ms|Mrs|Sir|Amb|Ambassador)\.? )?(?:(?=[^\W\d_a-z]){_WORD},? ){{1,6}}"
_NOBODY = r"(?!(?:It|This|That|These|Those|There|The|He|She|They|We|I|His|Her|An?|In|At|On)\b)"
_NAMES = rf"{_NOBODY}{_NAME}(?:(?:and|&) {_NAME})?(?:(?:,|who|an?|the) [^.]{{1,120}}?, )?"
_ROLE = (
    r"(?:fellow|professor|lecturer|researcher|student|pursuing|analyst|columnist|correspondent|director|editor|"
    r"journalist|scholar|candidate|author|diplomat|economist|historian|consultant|head of|founder|specialist|reporter|"
    r"writer|chair|dean|graduate|intern|strategist|expert|studying|reader in|advis[eo]r|coordinator|scientist|teacher|"
    r"alumn(?:a|us|i)|emeritus|lawyer|attorney|associate|ambassador|anthropologist|sociologist|photographer|filmmaker|"
    r"novelist|poet|translator|freelancer?|contributor|convenor|co-?founder)s?\b"
)
_HOUSE = r"(?:Institut|Foundation|Cent(?:re|er)|Universit|College|School|Program|Association|Forum|think[ -]tank)"
_DEGREE = r"(?:Ph\.?D|doctora|degree|master['’]?s|M\.?A\b|MSc|LL\.?M|MPhil|fellowship|book)"
_BIO = re.compile(
    rf"{_NAMES}(?:"
    rf"(?:is|are|was|were|has been) [^.]{{0,160}}?\b(?i:{_ROLE})"
    rf"|(?:is|are|was) (?:a|an) former (?!(?:prime minister|president)\b)"
    rf"|(?:is|are|was) [^.]{{0,60}}?(?i:president|chair\w*|chief|head|executive|officer|secretary)[^.]{{0,40}}?"
    rf" (?:of|at) [^.]{{0,80}}{_HOUSE}"
    r"|(?:teaches|writes|blogs|tweets|lectures|lives in|reports (?:from|for)|contributes to|speciali[sz]\w+)\b"
    r"|(?:currently |also )?(?:works|worked|working) (?:on|as|at|in|with) "
    r"|(?:researches|focuses on|advises|studies|serves (?:as|on)|covers|covered)\b"
    r"|has (?:written|worked|published|taught)\b"
    rf"|(?:holds|received|earned|completed|obtained|heads|leads|directs) [^.]{{0,80}}?(?:{_DEGREE}|{_HOUSE})"
    r")"
)
_NOTICE = re.compile(
    r"(?:about the authors?\b|(?:he|she) is the author of "
    r"|authors?: |the (?:authors?|writers?) |by (?-i:[A-Z])[\w.'’-]+ (?-i:[A-Z])[\w.'’-]+,"
    r"|(?:the )?(?:views|opinions)(?: and opinions)? (?:expressed|are|in this|herein)"
    r"|(?:a (?:longer |shorter |previous )?version of )?(?:this|the) (?:article|piece|commentary|essay|post|story|"
    r"op-ed) (?:was|is|has|first|originally|appeared|also)|(?:originally |first |re)?published (?:in|by|on|with|at)\b"
    r"|subscribe|sign up|follow (?:us|him|her|them|@\w+)\b|all rights reserved|©|copyright|\(c\) "
    r"|read (?:more|also|next)|related(?: \w+)?: |see also|photos?(?:graph)?(?: by|s?:| credit)|image(?:s?:| credit)"
    r"|support (?:us|our)|download the|share this|click here|tags?: |e-?mail: |contact: "
    r"|(?:translated|edited|written|compiled|reporting|editing|additional reporting|writing) by |translated from"
    r"|my (?:area|research|current|academic)|(?:his|her|their) research|currently my|disclaimer)",
    re.I,
)
_PRONOUN = re.compile(
    r"(?:He|She|They|His|Her|Their|You can|Before joining|Prior to|Previously,|Formerly,|In addition,? (?:he|she))\b"
)


def is_closing(line: str) -> bool:
    """Whether a line at the end of a text is certainly about its author or its publication."""
    if len(line) > LONGEST:
        return False
    line = line.lstrip(_EDGES)
    return (line[:1].isupper() and _BIO.match(line) is not None) or _NOTICE.match(line) is not None


def may_close(line: str) -> bool:
    """Whether a line may go on about an author who is named in the line above it."""
    return len(line) <= LONGEST and _PRONOUN.match(line.lstrip(_EDGES)) is not None
