"""Text of an XML feed made harmless: no DTD, no characters that XML forbids."""

from __future__ import annotations

import re

_PROLOG = re.compile(r"\s*<\?xml[^>]*\?>")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_FORBIDDEN_REFERENCE = re.compile(r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));")
_ENTITY = re.compile(
    r"""<!ENTITY\s+(%\s+)?([^\s"'<>&;]{1,100})\s+(?:(SYSTEM|PUBLIC)\b|"([^"]*)"|'([^']*)')""", re.IGNORECASE
)
_CHARACTER_REFERENCES = re.compile(r"(?:&#\w+;|[^&])*")
_LONGEST_VALUE = 200
_LONGEST_DTD = 120_000
_MOST_GROWTH = 1_000_000


class EntityBombError(Exception):
    """The document declares entities that only grow or nest, as an attack does."""


def strip_dtd(text: str) -> tuple[str, str | None]:
    """Cut the DOCTYPE out and put its small entities in by hand.

    Returns the text and a note. Raises EntityBombError for nested or huge entities; external ones become nothing.
    """
    span = _doctype_span(text)
    if span is None:
        return text, None
    if span[1] - span[0] > _LONGEST_DTD:
        raise EntityBombError("the DTD is longer than any feed needs")
    declaration, rest = text[span[0] : span[1]], text[: span[0]] + text[span[1] :]
    values: dict[str, str] = {}
    for parameter, name, external, double, single in _ENTITY.findall(declaration):
        value = double or single
        if (
            not parameter
            and not external
            and (len(value) > _LONGEST_VALUE or not _CHARACTER_REFERENCES.fullmatch(value))
        ):
            raise EntityBombError(f"entity {name} is nested or longer than {_LONGEST_VALUE} characters")
        if not parameter:
            values[name] = "" if external else value
    if not values:
        return rest, None
    uses = re.compile("&(" + "|".join(map(re.escape, values)) + ");")
    if sum(len(values[name]) for name in uses.findall(rest)) > _MOST_GROWTH:
        raise EntityBombError("the entities would grow the document beyond reason")
    return uses.sub(lambda use: values[use[1]], rest), "entities declared in a DTD were taken out"


def without_forbidden(text: str) -> tuple[str, bool]:
    """Drop characters that XML forbids, also as references; says whether there were any."""
    clean = _FORBIDDEN_REFERENCE.sub("", _FORBIDDEN.sub("", text))
    return clean, len(clean) != len(text)


def as_utf8_xml(text: str) -> bytes:
    """Encode for an XML parser: leading space and the prolog, which named another encoding, go."""
    prolog = _PROLOG.match(text)
    return text[prolog.end() if prolog else 0 :].lstrip().encode("utf-8", "replace")


def _doctype_span(text: str) -> tuple[int, int] | None:
    """Return where the DOCTYPE stands, found only before the first element."""
    position = 0
    skip = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
    while (match := skip.match(text, position)) is not None:
        position = match.end()
    if text[position : position + 9].upper() != "<!DOCTYPE":
        return None
    opening, closing = text.find("[", position), text.find(">", position)
    if closing < 0:
        return position, len(text)
    if opening < 0 or closing < opening:
        return position, closing + 1
    end = re.compile(r"\]\s*>").search(text, opening)
    return position, end.end() if end else len(text)
