"""Names of time zones and months as feeds write them, and what a zone name means in a feed's own zone."""

from __future__ import annotations

import functools
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Minutes east of UTC. Where a name is used twice, the reading of Asia-Pacific feeds stands unless the feed's own zone
# uses the name (see named_offset).
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


# English, Spanish, Portuguese, French, Italian, German, Dutch, Indonesian and Malay, Thai
_MONTH_NAMES = """
jan january enero janeiro janvier gennaio januar januari ene janv gen jänner ม.ค. มกราคม
feb february febrero fevereiro février fevrier febbraio februar februari fev févr pebruari ก.พ. กุมภาพันธ์
mar march marzo março marco mars märz maart maret mac mrz mär mrt มี.ค. มีนาคม
apr april abril avril aprile abr avr เม.ย. เมษายน
may mayo maio mai maggio mei mag พ.ค. พฤษภาคม
jun june junio junho juin giugno juni giu มิ.ย. มิถุนายน
jul july julio julho juillet luglio juli julai juil lug ก.ค. กรกฎาคม
aug august agosto août aout augustus agustus ogos ago agu ags ส.ค. สิงหาคม
sep sept september septiembre setembro septembre settembre set ก.ย. กันยายน
oct october octubre outubro octobre ottobre oktober out ott okt ต.ค. ตุลาคม
nov november noviembre novembro novembre nopember พ.ย. พฤศจิกายน
dec december diciembre dezembro décembre decembre dicembre dezember desember disember dic dez déc dis des ธ.ค. ธันวาคม
"""
MONTHS = {name: number for number, line in enumerate(_MONTH_NAMES.strip().splitlines(), 1) for name in line.split()}


def is_local_name(name: str) -> bool:
    """Whether some zone uses the name for its own time."""
    return any(name in names for names in _LOCAL_NAMES.values())


def named_offset(name: str, local: datetime, zone: str | None) -> int | None:
    """Return the minutes a zone name stands for; None where it means the feed's own zone."""
    own = zone_of(zone)
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
def zone_of(name: str | None) -> ZoneInfo | None:
    """Return the zone of an IANA name; None for no name or one that does not exist."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
