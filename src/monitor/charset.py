"""Bytes of a document to text: the charset by evidence, since headers and prologs lie."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NUL_SHAPES = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
# What a declared name means in practice: the superset that browsers read it as.
_WIDER = {
    "iso8859-1": "cp1252", "latin-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932", "euc_kr": "cp949", "big5": "cp950", "iso8859-9": "cp1254", "tis-620": "cp874",
    "iso8859-11": "cp874",
}  # fmt: skip
# Codecs that are no charset of a document, or that hide markup from a reader of bytes.
_NO_CHARSETS = frozenset(
    {"utf-7", "unicode_escape", "raw_unicode_escape", "punycode", "idna", "undefined", "mbcs", "oem"}
)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document as text, with what had to be said about its bytes."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode(body: bytes, content_type: str = "", *, is_html: bool = False) -> Decoded:
    """Decode a document by its byte order mark, by what its bytes can be, by its own word, then by the header's."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return Decoded(body[len(mark) :].decode(encoding, "replace"), encoding)
    for shape, encoding in _NUL_SHAPES:
        if body.lstrip(b"\r\n\t ").startswith(shape):
            return Decoded(body.decode(encoding, "replace"), encoding)
    declared = _declared(body, is_html=is_html)
    header = _codec((_CHARSET.search(content_type) or [None, None])[1])
    utf8 = _strict(body, "utf-8")
    if utf8 is not None and not ((declared or "").startswith(("iso2022", "hz")) and utf8.isascii()):
        lied = [f"{name}, in truth utf-8" for name in (declared, header) if name not in (None, "utf-8")]
        notes = () if utf8.isascii() or not lied else (f"charset declared as {lied[0]}",)
        return Decoded(utf8, "utf-8", notes)
    for name in (declared, header):
        text = _strict(body, name) if name and name != "utf-8" else None
        if name and text is not None:
            return Decoded(text, name)
    return _damaged(body, declared or header)


def _strict(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None


def _codec(name: str | None) -> str | None:
    """Return Python's name for a charset, widened as browsers do; None for what is none."""
    try:
        info = codecs.lookup(name) if name else None
    except (LookupError, ValueError):
        return None
    if info is None or info.name in _NO_CHARSETS or not getattr(info, "_is_text_encoding", True):
        return None
    return _WIDER.get(info.name, info.name)


def _declared(body: bytes, *, is_html: bool) -> str | None:
    match = _META.search(body[:16384]) if is_html else _DECLARED.match(body[:1024])
    name = match[1].decode("ascii", "ignore") if match else None
    codec = _codec(name)
    return None if codec and codec.startswith(("utf-16", "utf-32")) else codec


def _damaged(body: bytes, declared: str | None) -> Decoded:
    """Choose the reading that loses least of a body that no charset fits."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    well_formed = sum(1 for _ in re.finditer("[^\x00-\x7f\ufffd]", text[:200_000]))
    if declared == "utf-8" or well_formed >= broken:
        return Decoded(text, "utf-8", ("bytes that are not utf-8 were replaced",))
    encoding = declared or "cp1252"
    return Decoded(body.decode(encoding, "replace"), encoding, (f"no charset fits: read as {encoding}",))
