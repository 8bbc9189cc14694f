"""The date of an entry: implausible ones are none, and the feed's zone counts where there is none."""

import pytest

from tests.unit.feed_xml import item, parse, rss


@pytest.mark.parametrize(
    ("date", "raw"),
    [("Fri, 01 Jan 2099 00:00:00 GMT", True), ("sometime last Tuesday", True), ("", False), ("1970-01-01", True)],
)
def test_implausible_dates_leave_the_entry_undated(date, raw):
    parsed = parse(rss(item(date=date)))
    assert parsed.status == "warn"
    assert parsed.entries[0].published_at is None
    assert (parsed.entries[0].published_raw is not None) == raw


def test_the_feeds_zone_counts_where_the_date_has_none():
    parsed = parse(rss(item(date="4 May 2026 15:07")), zone="Asia/Phnom_Penh")
    assert parsed.entries[0].published_at.hour == 8
