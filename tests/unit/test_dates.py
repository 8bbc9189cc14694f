"""Date strings become the instants they say, or are refused with a reason."""

from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.dates import Dated, date_from_url, parse_date, week_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OFFSETS = {
    "ICT": 7, "WIB": 7, "WITA": 8, "WIT": 9, "SGT": 8, "MYT": 8, "PHT": 8, "HKT": 8, "JST": 9, "KST": 9, "IST": 5.5,
    "AEST": 10, "AEDT": 11, "ACST": 9.5, "AWST": 8, "NZST": 12, "NZDT": 13, "MMT": 6.5, "MSK": 3, "CET": 1, "CEST": 2,
    "BST": 1, "EST": -5, "EDT": -4, "PST": -8, "CST": -6,
    "NPT": 5.75, "PKT": 5, "PGT": 10, "FJT": 12, "UTC": 0, "GMT": 0,
    "Z": 0, "UTC+7": 7, "GMT+7": 7, "UTC+07:00": 7, "GMT+0530": 5.5, "+0700": 7, "-05:00": -5, "+8": 8, "(ICT)": 7,
    "+0700 (ICT)": 7, "GMT+0800 (Singapore Standard Time)": 8, "UTC-3": -3, "+1345": 13.75,
}  # fmt: skip


@pytest.mark.parametrize(("name", "hours"), OFFSETS.items())
@pytest.mark.parametrize(
    "shape", ["Mon, 04 May 2026 15:07:41 {}", "2026-05-04 15:07:41 {}", "4 May 2026, 3:07:41 pm {}"]
)
def test_zone_names_of_the_region(name, hours, shape):
    expected = datetime(2026, 5, 4, 15, 7, 41, tzinfo=UTC) - timedelta(hours=hours)
    assert parse_date(shape.format(name), now=NOW) == Dated(expected)


FORMS = [
    ("2026-05-04T15:07:41Z", "2026-05-04T15:07:41"),
    ("2026-05-04T15:07:41.123+07:00", "2026-05-04T08:07:41.123"),
    ("2026-05-04T15:07+0700", "2026-05-04T08:07"),
    ("20260504T150741Z", "2026-05-04T15:07:41"),
    ("2016/6/29 15:07:41", "2016-06-29T15:07:41"),
    ("29/6/2016 15:07", "2016-06-29T15:07"),
    ("29.06.2016 15:07", "2016-06-29T15:07"),
    ("May 4, 2026 3:07 PM", "2026-05-04T15:07"),
    ("May 4, 2026 at 12:07 a.m.", "2026-05-04T00:07"),
    ("Monday, 4 May 2026 15:07:41", "2026-05-04T15:07:41"),
    ("04 May 26 15:07:41 GMT", "2026-05-04T15:07:41"),
    ("04-May-2026 15:07:41 GMT", "2026-05-04T15:07:41"),
    ("Mon,  4 May 2026\n15:07:41   +0000", "2026-05-04T15:07:41"),
    ("2026年5月4日 15時07分", "2026-05-04T15:07"),
    ("2026年5月4日 下午3:07", "2026-05-04T15:07"),
    ("2026. 5. 4. 오후 3:07", "2026-05-04T15:07"),
    ("2026년 5월 4일 15:07", "2026-05-04T15:07"),
    ("4 พ.ค. 2569 15:07 น.", "2026-05-04T15:07"),
    ("1777907261", "2026-05-04T15:07:41"),
    ("1777907261000", "2026-05-04T15:07:41"),
    ("4 mai 2026 15:07", "2026-05-04T15:07"),
    ("Seg, 04 Mai 2026 19:07:41 -0300", "2026-05-04T22:07:41"),
    ("4 de mayo de 2026 15:07", "2026-05-04T15:07"),
    ("Senin, 4 Mei 2026 15:07 WIB", "2026-05-04T08:07"),
    ("Senin, 4 Mei 2026 15.07 WIB", "2026-05-04T08:07"),
    ("4 May 2026 15.07 WIB", "2026-05-04T08:07"),
    ("Δευ, 4 Μαΐου 2026 15:07", "2026-05-04T15:07"),
    ("4 мая 2026 г., 15:07", "2026-05-04T15:07"),
    ("31 Dec 2016 23:59:60 GMT", "2016-12-31T23:59:59"),
]


@pytest.mark.parametrize(("raw", "expected"), FORMS)
def test_common_and_local_forms(raw, expected):
    assert parse_date(raw, now=NOW) == Dated(datetime.fromisoformat(expected).replace(tzinfo=UTC))


DATES = [
    "2026-05-04", "20260504", "4 May 2026", "Mon, 04 May 2026", "May 4, 2026", "May 4th, 2026",
    "2026/5/4", "04/05/2026",
    "2026年5月4日", "2026년 5월 4일", "4 พฤษภาคม 2569", "4 mai 2026", "4 Mei 2026", "4 tháng 5 2026",
]  # fmt: skip


@pytest.mark.parametrize("raw", DATES)
@pytest.mark.parametrize("zone", [None, "Pacific/Auckland", "America/Los_Angeles"])
def test_a_date_without_a_time_is_never_shifted(raw, zone):
    dated = parse_date(raw, now=NOW, zone=zone)
    assert dated == Dated(datetime(2026, 5, 4, tzinfo=UTC), date_only=True)
    assert week_of(dated.at, "America/Los_Angeles", date_only=True) == date(2026, 5, 4)


REFUSED = [
    (None, "missing"),
    ("  ", "missing"),
    ("sometime last Tuesday", "unreadable"),
    ("yesterday", "unreadable"),
    ("3 hours ago", "unreadable"),
    ("13/13/2026", "unreadable"),
    ("2026", "unreadable"),
    ("May 2026", "unreadable"),
    ("0000-00-00T00:00:00Z", "unreadable"),
    ("Thu, 01 Jan 1970 00:00:00 GMT", "before 1995"),
    ("1994-12-31T23:59:59Z", "before 1995"),
    ("Fri, 01 Jan 2099 00:00:00 GMT", "in the future"),
    ("2922-05-04", "in the future"),
    ("2026-11-23T12:00:01Z", "in the future"),
]


@pytest.mark.parametrize(("raw", "problem"), REFUSED)
def test_what_is_no_plausible_date_is_refused(raw, problem):
    assert parse_date(raw, now=NOW) == Dated(None, problem=problem)


@pytest.mark.parametrize(
    ("raw", "zone", "hour"),
    [
        ("4 May 2026 15:07", "Asia/Phnom_Penh", 8),
        ("4 May 2026 15:07", None, 15),
        ("4 May 2026 15:07", "No/Such", 15),
        ("4 May 2026 15:07 GMT", "Asia/Phnom_Penh", 15),
        ("4 May 2026 15:07 CST", "Asia/Shanghai", 7),
        ("4 May 2026 15:07 EST", "Australia/Sydney", 5),
        ("4 May 2026 15:07 BST", "Asia/Dhaka", 9),
        ("4 May 2026 15:07 IST", "Asia/Kolkata", 9),
        ("4 Jan 2026 15:07 AEDT", "Australia/Sydney", 4),
    ],
)
def test_the_feeds_own_zone(raw, zone, hour):
    assert parse_date(raw, now=NOW, zone=zone).at.hour == hour


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://e.com/2026/05/04/title", date(2026, 5, 4)),
        ("https://e.com/news/2026-05-04-title", date(2026, 5, 4)),
        ("https://e.com/n/20260504/1.html", date(2026, 5, 4)),
        ("https://e.com/2026/5/4/x", date(2026, 5, 4)),
    ],
)
def test_dates_in_a_path(url, expected):
    dated = date_from_url(url, now=NOW)
    assert (dated.at.date(), dated.date_only) == (expected, True)


@pytest.mark.parametrize(
    "url",
    [
        "https://e.com/2026/05/title",
        "https://e.com/a?d=2026-05-04",
        "https://e.com/id/120260504",
        "https://e.com/20261",
    ],
)
def test_numbers_in_a_path_that_are_no_date(url):
    assert date_from_url(url, now=NOW).at is None


def test_weeks_start_on_monday_in_the_given_zone():
    sunday = datetime(2026, 5, 3, 20, tzinfo=UTC)
    assert week_of(sunday) == date(2026, 4, 27)
    assert week_of(sunday, "Asia/Phnom_Penh") == date(2026, 5, 4)


instants = st.datetimes(datetime.fromisoformat("1995-01-02"), datetime.fromisoformat("2026-11-21")).map(
    lambda d: d.replace(microsecond=0, tzinfo=UTC)
)


@given(instants, st.integers(-12 * 4, 14 * 4))
def test_written_dates_are_read_back(at, quarters):
    local = at + timedelta(minutes=15 * quarters)
    sign = "-" if quarters < 0 else "+"
    offset = f"{sign}{abs(quarters) // 4:02}{abs(quarters) % 4 * 15:02}"
    assert parse_date(local.strftime("%a, %d %b %Y %H:%M:%S ") + offset, now=NOW).at == at
    assert parse_date(local.strftime("%Y-%m-%dT%H:%M:%S") + offset, now=NOW).at == at
    assert parse_date(format_datetime(at), now=NOW).at == at


@given(st.text(max_size=40) | st.text(alphabet="0123456789:-/. TZ+maypMG年月日", max_size=30))
def test_no_text_crashes_and_bounds_hold(text):
    dated = parse_date(text, now=NOW, zone="Asia/Tokyo")
    assert (dated.at is None) == (dated.problem is not None)
    assert dated.at is None or datetime(1995, 1, 1, tzinfo=UTC) <= dated.at <= NOW + timedelta(days=1)


def test_unknown_forms_are_searched_only_when_asked():
    assert parse_date("4 Μαΐου 2026", now=NOW).at is not None
    assert parse_date("4 Μαΐου 2026", now=NOW, search=False) == Dated(None, problem="unreadable")
