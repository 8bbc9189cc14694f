"""Content-Encoding undone while the body arrives, never further than the cap."""

from __future__ import annotations

import zlib
from typing import Protocol

import brotli  # type: ignore[import-untyped]

STEP = 1 << 16
# identity, and what servers put there by mistake: a charset, or the encoding of a mail
_PLAIN = frozenset({"", "identity", "none", "utf-8", "utf8", "iso-8859-1", "binary", "7bit", "8bit"})


class TooLargeError(Exception):
    """The decoded body passes the cap."""


class BrokenEncodingError(Exception):
    """The body is not what its Content-Encoding says, or ends inside it."""


class _Inflater(Protocol):
    def feed(self, data: bytes, limit: int) -> bytes: ...
    def more(self) -> bool: ...
    def done(self) -> bool: ...


class Body:
    """Collects a body up to `cap` decoded bytes; memory stays within the cap and one step."""

    def __init__(self, encoding: str, cap: int) -> None:
        self._encoding = encoding.strip().lower()
        self.cap = cap
        self._held = b""
        self._inflater: _Inflater | None = None
        self._plain = self._encoding in _PLAIN
        self._out = bytearray()
        self.wire_bytes = 0

    def feed(self, data: bytes) -> None:
        """Take wire bytes; raises TooLargeError past the cap."""
        self.wire_bytes += len(data)
        if not self._plain and self._inflater is None:
            self._held += data
            if len(self._held) < 2:
                return
            data, self._held = self._held, b""
            self._inflater = _inflater(self._encoding, data)
            self._plain = self._inflater is None
        if self._inflater is None:
            self._add(data)
            return
        try:
            self._inflate(self._inflater, data)
        except (zlib.error, brotli.error) as error:
            raise BrokenEncodingError(f"broken {self._encoding} body: {error}") from error

    def so_far(self) -> bytes:
        """Return what came before the cap."""
        return bytes(self._out)

    def finish(self) -> bytes:
        """Return the whole body; raises BrokenEncodingError when it ends inside its compression."""
        if self._held:
            self._add(self._held)
        if self._inflater is not None and not self._inflater.done():
            raise BrokenEncodingError(f"the body ends inside its {self._encoding} encoding")
        return bytes(self._out)

    def _inflate(self, inflater: _Inflater, data: bytes) -> None:
        self._add(inflater.feed(data, STEP))
        while inflater.more():
            self._add(inflater.feed(b"", STEP))

    def _add(self, data: bytes) -> None:
        if len(self._out) + len(data) > self.cap:
            raise TooLargeError
        self._out += data


class _Zlib:
    """gzip (with several members) and both kinds of deflate."""

    def __init__(self, wbits: int) -> None:
        self._wbits = wbits
        self._object = zlib.decompressobj(wbits)
        self._tail = b""
        self._full = False

    def feed(self, data: bytes, limit: int) -> bytes:
        data = self._tail + data
        self._tail = b""
        if self._object.eof and self._wbits > 15 and data[:2] == b"\x1f\x8b":
            self._object = zlib.decompressobj(self._wbits)
        if self._object.eof:
            return b""
        out = self._object.decompress(data, limit)
        self._tail = self._object.unconsumed_tail or self._object.unused_data
        self._full = len(out) >= limit
        return out

    def more(self) -> bool:
        if self._object.eof:
            return self._wbits > 15 and self._tail[:2] == b"\x1f\x8b"
        return bool(self._tail) or self._full

    def done(self) -> bool:
        return self._object.eof


class _Brotli:
    def __init__(self) -> None:
        self._object = brotli.Decompressor()

    def feed(self, data: bytes, limit: int) -> bytes:
        if self._object.is_finished():
            return b""
        return bytes(self._object.process(data, output_buffer_limit=limit))

    def more(self) -> bool:
        return not self._object.is_finished() and not self._object.can_accept_more_data()

    def done(self) -> bool:
        return bool(self._object.is_finished())


def _inflater(encoding: str, start: bytes) -> _Inflater | None:
    """Choose by header and first bytes, since servers name encodings that they did not apply; None: plain."""
    if start[:2] == b"\x1f\x8b" and encoding in ("gzip", "x-gzip", "deflate", "br"):
        return _Zlib(31)
    if encoding in ("gzip", "x-gzip"):
        return None
    if encoding == "deflate":
        is_zlib = start[0] & 0x0F == 8 and (start[0] * 256 + start[1]) % 31 == 0
        return _Zlib(15 if is_zlib else -15)
    if encoding == "br":
        return _Brotli()
    raise BrokenEncodingError(f"encoding {encoding} was not asked for")
