"""Date strings of feeds and pages to UTC instants: the raw string is read here, whatever a parser made of it."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import dateparser

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
MAX_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Dated:
    """An instant in UTC (`date_only`: midnight UTC of that date) or the problem that left it out."""

    at: datetime | None
    date_only: bool = False
    problem: str | None = None


# Minutes east of UTC. Where a name is used twice, the reading of Asia-Pacific feeds stands unless the feed's own zone
# uses the name (see _named_offset).
ZONES = {
    name: sign * (hours * 60 + minutes)
    for names, sign, hours, minutes in (
        ("Z UT UTC GMT WET", 1, 0, 0),
        ("CET MEZ BST WAT", 1, 1, 0),
        ("CEST MESZ EET SAST CAT", 1, 2, 0),
        ("MSK EEST EAT TRT", 1, 3, 0),
        ("IRST", 1, 3, 30),
        ("GST SAMT AZT MUT", 1, 4, 0),
        ("AFT", 1, 4, 30),
        ("PKT UZT TMT TJT MVT YEKT", 1, 5, 0),
        ("IST SLST", 1, 5, 30),
        ("NPT", 1, 5, 45),
        ("BDT BTT OMST ALMT KGT", 1, 6, 0),
        ("MMT CCT", 1, 6, 30),
        ("ICT WIB NOVT KRAT CXT HOVT", 1, 7, 0),
        ("WITA SGT MYT PHT PHST HKT AWST BNT IRKT ULAT CNST", 1, 8, 0),
        ("JST KST WIT TLT PWT YAKT", 1, 9, 0),
        ("ACST", 1, 9, 30),
        ("AEST PGT VLAT CHST CHUT", 1, 10, 0),
        ("ACDT LHST", 1, 10, 30),
        ("AEDT SBT NCT VUT PONT KOST MAGT LHDT NFT", 1, 11, 0),
        ("NZST FJT TVT MHT GILT PETT WAKT", 1, 12, 0),
        ("CHAST", 1, 12, 45),
        ("NZDT TOT PHOT FJST", 1, 13, 0),
        ("LINT", 1, 14, 0),
        ("SST NUT", -1, 11, 0),
        ("HST CKT TAHT", -1, 10, 0),
        ("AKST", -1, 9, 0),
        ("PST AKDT", -1, 8, 0),
        ("MST PDT", -1, 7, 0),
        ("CST MDT", -1, 6, 0),
        ("EST CDT", -1, 5, 0),
        ("EDT AST", -1, 4, 0),
        ("NST", -1, 3, 30),
        ("ADT BRT ART", -1, 3, 0),
        ("NDT", -1, 2, 30),
    )
    for name in names.split()
}
_LOCAL_NAMES = {  # a feed's zone (by prefix) for which these bare names mean local time
    "Australia/": frozenset({"EST", "EDT", "CST", "CDT", "WST", "EAST", "EADT"}),
    "Asia/Dhaka": frozenset({"BST", "BDT"}),
    "Asia/Singapore": frozenset({"SST"}),
    "Asia/Kuala_Lumpur": frozenset({"MST"}),
    "Pacific/Bougainville": frozenset({"BST"}),
}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        1,
    )
    for name in names.split()
}
_THAI_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "ม.ค. มกราคม",
            "ก.พ. กุมภาพันธ์",
            "มี.ค. มีนาคม",
            "เม.ย. เมษายน",
            "พ.ค. พฤษภาคม",
            "มิ.ย. มิถุนายน",
            "ก.ค. กรกฎาคม",
            "ส.ค. สิงหาคม",
            "ก.ย. กันยายน",
            "ต.ค. ตุลาคม",
            "พ.ย. พฤศจิกายน",
            "ธ.ค. ธันวาคม",
        ),
        1,
    )
    for name in names.split()
}
_BUDDHIST_YEARS = 543

_TIME = (
    r"(?:\s*(?:[T,@|·-]|at|pukul|เวลา)?\s*(?P<ap1>上午|下午|午前|午後|오전|오후)?\s*(?P<H>\d{1,2})\s*[:.h時时点시]\s*(?P<M>\d{2})?\s*[分분]?"
    r"(?:\s*[:.]?\s*(?P<S>\d{2})(?:[.,]\d+)?\s*[秒초]?)?\s*(?P<ap>[ap]\.?m\.?|น\.|hrs?|uhr)?)?"
)
_DAY_NAME = r"(?:[a-z]{2,9}\.?,?\s+)?"
_SHAPES = tuple(
    re.compile(shape + _TIME + r"\s*", re.IGNORECASE)
    for shape in (
        _DAY_NAME
        + r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s./-]+(?:of\s+)?(?P<mon>[a-z]{3,9})\.?,?[\s./-]+(?P<y>\d{4}|\d{2}(?!\d))",
        _DAY_NAME + r"(?P<mon>[a-z]{3,9})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})",
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
_CLOCK = re.compile(r"\d{1,2}\s*[:h時时시]\s*\d{0,2}|\b\d{1,2}\s*[ap]\.?m\b", re.IGNORECASE)
_URL_DATE = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2})(?P<sep>[/_-]?)(?P<m>0?[1-9]|1[0-2])(?P=sep)(?P<d>[12]\d|3[01]|0?[1-9])(?!\d)"
)


def parse_date(raw: str | None, *, now: datetime, zone: str | None = None) -> Dated:
    """Read a feed's or page's date string.

    `zone` is the source's own zone, taken where the string names none (UTC without it). A date without a time stays
    that date. Before 1995 or more than a day ahead of `now` is refused.
    """
    text = " ".join((raw or "").split())
    if not text:
        return Dated(None, problem="missing")
    found = _read(text[:MAX_LENGTH], zone)
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
def _read(text: str, zone: str | None) -> tuple[datetime, bool] | None:
    """Return the instant and whether it is a date only; a cache, since feeds repeat their dates at every poll."""
    try:
        for reader in (_iso, _epoch, _shaped, _loose):
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
    if (parts.get("mon") or "") in _THAI_MONTHS and year > 2400:
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
        return _MONTHS.get(name) or _THAI_MONTHS.get(name, 0)
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
        if name not in ZONES and not any(name in names for names in _LOCAL_NAMES.values()):
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
        offset = _named_offset(offset, local, zone)
    if offset is not None:
        return local.replace(tzinfo=timezone(timedelta(minutes=offset))).astimezone(UTC)
    return local.replace(tzinfo=_zone(zone) or UTC).astimezone(UTC)


def _named_offset(name: str, local: datetime, zone: str | None) -> int | None:
    """Return the minutes a zone name stands for; None where it means the feed's own zone."""
    own = _zone(zone)
    if own is not None and zone is not None:
        uses = {local.replace(month=month, day=1, tzinfo=own).tzname() for month in (1, 7)}
        if name in uses:
            return _own_offset(name, local, own)
        if any(zone.startswith(prefix) and name in names for prefix, names in _LOCAL_NAMES.items()):
            return None
    return ZONES.get(name)


def _own_offset(name: str, local: datetime, own: ZoneInfo) -> int | None:
    for month in (1, 7):
        moment = local.replace(month=month, day=1, tzinfo=own)
        if moment.tzname() == name:
            return int((moment.utcoffset() or timedelta()).total_seconds() // 60)
    return None


@functools.cache
def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
