"""Markup to plain text, counts of words, and the hashes of lines."""

from __future__ import annotations

import hashlib
import re

from lxml import html as lxml_html  # type: ignore[import-untyped]
from lxml.etree import ParserError  # type: ignore[import-untyped]

_UNSPACED = re.compile(  # Thai, Lao, Burmese, Khmer, Han, kana
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
# fmt: off
_BLOCKS = (
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre",
    "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
)
_SILENT = (
    "script", "style", "noscript", "template", "iframe", "object", "svg", "math", "button", "select", "textarea",
    "head",
)
# fmt: on
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(
    r"&#(?:0{0,7}(?:[1-8]|1[124-9]|2\d|3[01]|6553[45])(?!\d)"
    r"|[xX]0{0,7}(?:[1-8bBcCeEfF]|1[\da-fA-F]|[fF]{3}[eEfF])(?![\da-fA-F]));?"
)
_CONTROL_BYTES = bytes([*range(0x09), *range(0x0E, 0x20)])
_MARKS = re.compile(r"[\W_]+")
_ASCII_MARKS = bytes(code for code in range(128) if not chr(code).isalnum())
_LINE_MIN = 12


def without_forbidden(html: str) -> str:
    """Return markup without what XML forbids, also as references: one such character costs the extractor all text."""
    html = html.replace("\x0b", " ").replace("\x0c", " ")
    return _REFERENCE.sub("", _FORBIDDEN.sub("", html) if _has_forbidden(html) else html)


def _has_forbidden(html: str) -> bool:
    """Whether a page has such a character: one in thousands does, and a pattern of sets takes ten times as long."""
    try:
        encoded = html.encode()
    except UnicodeEncodeError:
        return True
    return len(encoded.translate(None, _CONTROL_BYTES)) < len(encoded) or "\ufffe" in html or "\uffff" in html


def one_line(text: str | None) -> str | None:
    """Return a title or name on one line without control characters; None when nothing is left."""
    return _CONTROL.sub("", " ".join((text or "").split())) or None


def extract_html_summary(html: str) -> str:
    """Return the plain text of a feed's summary or content, one line a block."""
    if "<" not in html and "&" not in html:
        return clean_text(html)
    try:
        tree = lxml_html.fragment_fromstring(_CONTROL.sub(" ", html), create_parent="div")
    except (ParserError, ValueError, AssertionError):
        return clean_text(re.sub(r"<[^<>]*>", " ", html))
    return block_text(tree)


def block_text(tree: lxml_html.HtmlElement) -> str:
    """Return the text of a tree with a line break at each block."""
    for element in list(tree.iter(*_SILENT)):
        if element.getparent() is not None:
            element.drop_tree()
    for element in tree.iter(*_BLOCKS):
        element.text = "\n" + (element.text or "")
        element.tail = "\n" + (element.tail or "")
    return clean_text(str(tree.text_content()))


def clean_text(text: str) -> str:
    """Return lines without control characters, surplus space and empty lines."""
    lines = (" ".join(_CONTROL.sub(" ", line).split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def is_unspaced(text: str) -> bool:
    """Whether the text is mostly in a script that puts no spaces between words."""
    unspaced = 0 if text.isascii() else len(_UNSPACED.findall(text))
    letters = sum(map(str.isalpha, text)) if unspaced else 0
    return letters > 0 and unspaced > 0.3 * letters


def count_words(text: str) -> int:
    """Count words; in scripts without spaces two characters count as one word."""
    unspaced = 0 if text.isascii() else len(_UNSPACED.findall(text))
    return len(_UNSPACED.sub(" ", text).split()) + (unspaced + 1) // 2 if unspaced else len(text.split())


def line_hashes(text: str) -> list[int]:
    """Return the hash of each distinct line of some length, in order: those that repeat in a source are boilerplate."""
    return list(dict.fromkeys(h for line in text.splitlines() if (h := line_hash(line)) is not None))


def line_hash(line: str) -> int | None:
    """Return a signed 64-bit hash of a line's letters and digits, whatever their case; None for a short line.

    Digits count: lines that differ in a figure say different things.
    """
    folded = line.casefold()
    if folded.isascii():
        size = len(letters := folded.encode().translate(None, _ASCII_MARKS))
    else:
        size = len(kept := _MARKS.sub("", folded))
        letters = kept.encode("utf-8", "replace")
    if size < _LINE_MIN:
        return None
    return int.from_bytes(hashlib.blake2b(letters, digest_size=8).digest(), "big", signed=True)
