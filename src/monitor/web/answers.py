"""Reading what an HTTP answer or failure says."""

from __future__ import annotations

import asyncio
import email.utils
import re
from datetime import UTC, datetime

import aiohttp

from monitor.web.decode import BrokenEncodingError
from monitor.web.guard import RefusedAddressError


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """Return the seconds of a Retry-After header, given in seconds or as a date."""
    text = (value or "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", text):
        return float(text)
    try:
        at = email.utils.parsedate_to_datetime(text) if text else None
    except (ValueError, TypeError, OverflowError):
        return None
    if at is None:
        return None
    return max((at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds(), 0.0)


def is_permanent(status: int | None) -> bool:
    """Whether a redirect asks to forget the old address."""
    return status in (301, 308)


def header_text(value: str) -> str:
    """Return a header as text; bytes that are not UTF-8 are Latin-1 as HTTP had it."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogateescape").decode("latin-1")
    return value


def moved_location(value: str) -> str:
    """Return a Location header without what would make it a header or control text."""
    return re.sub(r"[\x00-\x1f\x7f]", "", value).strip()


def describe(error: BaseException) -> tuple[str, str]:
    """Return the outcome a failure stands for and its text."""
    said = " ".join(str(error).split())
    text = f"{type(error).__name__}: {said}"[:300] if said else type(error).__name__
    if isinstance(error, (TimeoutError, asyncio.TimeoutError)):
        return "timeout", "no complete answer within the time limit"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "dns", text
    if isinstance(error, (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError)):
        return "tls", text
    if _is_refused(error):
        return "blocked", str(getattr(error, "os_error", error))[:300]
    if isinstance(error, (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError)):
        return "bad_url", text
    return "connection", text if not isinstance(error, BrokenEncodingError) else str(error)


def _is_refused(error: BaseException) -> bool:
    """Whether the guard refused; of several addresses tried, aiohttp joins the texts into one error."""
    inner = getattr(error, "os_error", error)
    return isinstance(inner, RefusedAddressError) or "refused address:" in str(error)
