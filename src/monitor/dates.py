"""Date strings of feeds and pages to UTC instants: the raw string is read here, whatever a parser made of it."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import dateparser

from monitor.zones import MONTHS, ZONES, is_local_name, named_offset, zone_of

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
MAX_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Dated:
    """An instant in UTC (`date_only`: midnight UTC of that date) or the problem that left it out."""

    at: datetime | None
    date_only: bool = False
    problem: str | None = None


_BUDDHIST_YEARS = 543

_TIME = (
    r"(?:\s*(?:[T,@|·-]|at|pukul|เวลา)?\s*(?P<ap1>上午|下午|午前|午後|오전|오후)?\s*(?P<H>\d{1,2})\s*[:.h時时点시]\s*(?P<M>\d{2})?\s*[分분]?"
    r"(?:\s*[:.]?\s*(?P<S>\d{2})(?:[.,]\d+)?\s*[秒초]?)?\s*(?P<ap>[ap]\.?m\.?|น\.|hrs?|uhr)?)?"
)
_DAY_NAME = r"(?:[^\W\d_]{2,12}(?:-feira)?\.?,?\s+)?"
_MONTH_NAME = r"(?P<mon>[^\W\d_]{3,12})"
_SHAPES = tuple(
    re.compile(shape + _TIME + r"\s*", re.IGNORECASE)
    for shape in (
        _DAY_NAME
        + r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s./-]+(?:of\s+|de\s+)?"
        + _MONTH_NAME
        + r"\.?,?[\s./-]+(?:de\s+)?(?P<y>\d{4}|\d{2}(?!\d))",
        _DAY_NAME + _MONTH_NAME + r"\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})",
        r"(?:วัน\S*\s+)?(?:ที่\s*)?(?P<d>\d{1,2})\s+(?P<mon>[\u0e00-\u0e7f.]+)\s+(?:พ\.ศ\.\s*)?(?P<y>\d{4})",
        r"(?P<y>\d{4})\s*[/.年년-]\s*(?P<m>\d{1,2})\s*[/.月월-]\s*(?P<d>\d{1,2})\s*[.日일]?(?:\s*[（(]\S[）)])?",
        r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})",
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
    )
)
_OFFSET = re.compile(
    r"\s*\(?(?:(?:UTC|GMT|Z)?\s*(?P<sign>[+\u2212-])(?P<h>\d{1,2}):?(?P<m>\d{2})?|(?P<name>[A-Z]{1,5}))\)?$",
    re.IGNORECASE,
)
_PAREN = re.compile(r"\s*\([^()]*\)\s*$")
_CLOCK = re.compile(
    r"\d{1,2}\s*[:h時时시]\s*\d{0,2}|\b\d{1,2}\s*[ap]\.?m\b|(?<![\d.])\d{1,2}\.\d{2}(?![\d.])", re.IGNORECASE
)
_URL_DATE = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2})(?P<sep>[/_-]?)(?P<m>0?[1-9]|1[0-2])(?P=sep)(?P<d>[12]\d|3[01]|0?[1-9])(?!\d)"
)


def parse_date(raw: str | None, *, now: datetime, zone: str | None = None, search: bool = True) -> Dated:
    """Read a feed's or page's date string.

    `zone` is the source's own zone, taken where the string names none (UTC without it). A date without a time stays
    that date. Before 1995 or more than a day ahead of `now` is refused.
    `search` asks dateparser too, some thousand times slower, about forms that are not known here.
    """
    text = " ".join((raw or "").split())
    if not text:
        return Dated(None, problem="missing")
    found = _read(text[:MAX_LENGTH], zone, search=search)
    if found is None:
        return Dated(None, problem="unreadable")
    at, date_only = found
    if at < EARLIEST:
        return Dated(None, problem="before 1995")
    if at > now + AHEAD:
        return Dated(None, problem="in the future")
    return Dated(at, date_only)


def date_from_url(url: str, *, now: datetime) -> Dated:
    """Read a year, month and day in a URL's path (/2026/05/04/, 2026-05-04, 20260504)."""
    match = _URL_DATE.search(url.partition("?")[0].partition("://")[2].partition("/")[2])
    if match is None or (match["sep"] == "" and len(match["m"] + match["d"]) < 4):
        return Dated(None, problem="missing")
    return parse_date(f"{match['y']}-{int(match['m']):02}-{int(match['d']):02}", now=now)


def week_of(at: datetime, zone: str = "UTC", date_only: bool = False) -> date:
    """Return the Monday of the instant's week in `zone`; a date without a time is never shifted."""
    day = at.date() if date_only else at.astimezone(ZoneInfo(zone)).date()
    return day - timedelta(days=day.weekday())


@functools.lru_cache(maxsize=4096)
def _read(text: str, zone: str | None, *, search: bool) -> tuple[datetime, bool] | None:
    """Return the instant and whether it is a date only; a cache, since feeds repeat their dates at every poll."""
    try:
        for reader in (_iso, _epoch, _shaped, _loose)[: 4 if search else 3]:
            found = reader(text, zone)
            if found is not None:
                return found
    except (OverflowError, OSError):
        return None
    return None


def _iso(text: str, zone: str | None) -> tuple[datetime, bool] | None:
    if not text[:4].isdigit() or not (text[4:5] == "-" or text[8:9] == "T"):
        return None
    rest, offset = _split_zone(text)
    try:
        local = datetime.fromisoformat(rest)
    except ValueError:
        return None
    if len(rest) <= 10 and ":" not in rest:
        return local.replace(tzinfo=UTC), True
    return _to_utc(local, offset, zone), False


def _epoch(text: str, _zone: str | None) -> tuple[datetime, bool] | None:
    """Seconds or milliseconds since 1970, as some JSON feeds have it."""
    if not text.isascii() or not text.isdigit() or len(text) not in (9, 10, 13):
        return None
    return datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC), False


def _shaped(text: str, zone: str | None) -> tuple[datetime, bool] | None:
    rest, offset = _split_zone(text)
    for shape in _SHAPES:
        match = shape.fullmatch(rest)
        local = _assemble(match.groupdict()) if match else None
        if local is not None and match is not None:
            if match["H"] is None:
                return local.replace(tzinfo=UTC), True
            return _to_utc(local, offset, zone), False
    return None


def _assemble(parts: dict[str, str | None]) -> datetime | None:
    year = int(parts["y"] or 0)
    if len(parts["y"] or "") == 2:
        year += 2000 if year < 70 else 1900
    month = _month(parts)
    if year > 2400 and "\u0e00" < (parts.get("mon") or "") < "\u0e80":
        year -= _BUDDHIST_YEARS
    hour = _hour(int(parts["H"] or 0), parts["ap"] or parts["ap1"] or "")
    day = int(parts["d"] or 0)
    if parts.get("mon") is None and month > 12 >= day:
        month, day = day, month
    try:
        # a leap second is the second before it
        return datetime(year, month, day, hour, int(parts["M"] or 0), min(int(parts["S"] or 0), 59))  # noqa: DTZ001
    except ValueError:
        return None


def _month(parts: dict[str, str | None]) -> int:
    name = (parts.get("mon") or "").lower()
    if name:
        return MONTHS.get(name, 0)
    return int(parts["m"] or 0)


def _hour(hour: int, half: str) -> int:
    afternoon = half[:1].lower() == "p" or half in ("下午", "午後", "오후")
    morning = half[:1].lower() == "a" or half in ("上午", "午前", "오전")
    if afternoon and hour < 12:
        return hour + 12
    return 0 if morning and hour == 12 else hour


def _loose(text: str, zone: str | None) -> tuple[datetime, bool] | None:
    """Month names of other languages, by dateparser; only absolute dates with day, month and year."""
    rest, offset = _split_zone(text)
    if not re.search(r"\d{4}", rest):
        return None
    local = dateparser.parse(
        rest,
        settings={
            "PARSERS": ["absolute-time"],
            "REQUIRE_PARTS": ["day", "month", "year"],
            "DATE_ORDER": "DMY",
            "RELATIVE_BASE": datetime(2000, 1, 1),  # noqa: DTZ001 - only so that no clock is read
        },
    )
    if local is None:
        return None
    if not _CLOCK.search(rest):
        return datetime(local.year, local.month, local.day, tzinfo=UTC), True
    return (local.astimezone(UTC) if local.tzinfo else _to_utc(local, offset, zone)), False


def _split_zone(text: str) -> tuple[str, str | int | None]:
    """Cut the zone off the end: a name (upper case), or an offset in minutes; None when there is none."""
    match = _OFFSET.search(text)
    if match is None or not _CLOCK.search(text[: match.start()]):
        stripped = _PAREN.sub("", text)
        return (text, None) if stripped == text else _split_zone(stripped)
    rest = text[: match.start()].rstrip()
    if match["name"]:
        name = match["name"].upper()
        if name not in ZONES and not is_local_name(name):
            return (text, None) if name in ("AM", "PM", "H", "HR", "HRS", "UHR") else (rest, None)
        if _OFFSET.search(rest) and re.search(r"[+-]\d{2}:?\d{2}$", rest):
            return _split_zone(rest)
        return rest, name
    minutes = int(match["h"]) * 60 + int(match["m"] or 0)
    if minutes > 14 * 60:
        return text, None
    return rest, minutes if match["sign"] == "+" else -minutes


def _to_utc(local: datetime, offset: str | int | None, zone: str | None) -> datetime:
    if local.tzinfo is not None:
        return local.astimezone(UTC)
    if isinstance(offset, str):
        offset = named_offset(offset, local, zone)
    if offset is not None:
        return local.replace(tzinfo=timezone(timedelta(minutes=offset))).astimezone(UTC)
    return local.replace(tzinfo=zone_of(zone) or UTC).astimezone(UTC)
