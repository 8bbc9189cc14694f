from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from monitor.batch import PendingEntry
from monitor.pipeline.dating import publication
from monitor.records import Entry

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SEEN = datetime(2026, 11, 20, 9, tzinfo=UTC)
FED = datetime(2026, 11, 17, 23, 30, tzinfo=UTC)
ENTRY = Entry("f", "e", "https://a.example/x", "https://a.example/x", 1, "T")


def pending(zone=None, is_first=False, **entry):
    return PendingEntry(replace(ENTRY, **entry), "a.example", "en", zone, SEEN, is_first, False, 0)


def test_the_feed_speaks_first():
    found = publication(pending(published_at=FED), "2026-11-01", now=NOW, week_zone="UTC")
    assert (found.at, found.source, found.week) == (FED, "feed", date(2026, 11, 16))


def test_then_the_page():
    found = publication(pending(), "2026-11-03T08:00:00+07:00", now=NOW, week_zone="UTC")
    assert (found.at, found.source) == (datetime(2026, 11, 3, 1, tzinfo=UTC), "page")


def test_then_the_url():
    found = publication(pending(url="https://a.example/2026/10/05/x"), None, now=NOW, week_zone="UTC")
    assert (found.source, found.week) == ("url", date(2026, 10, 5))


def test_then_the_time_it_was_seen_unless_it_may_be_old():
    assert publication(pending(), None, now=NOW, week_zone="UTC").source == "first-seen"
    undated = publication(pending(is_first=True), None, now=NOW, week_zone="UTC")
    assert (undated.at, undated.source, undated.week) == (None, "none", None)


@pytest.mark.parametrize("raw", ["2099-01-01", "1970-01-01", "sometime last Tuesday", ""])
def test_a_refused_page_date_does_not_stand(raw):
    assert publication(pending(is_first=True), raw, now=NOW, week_zone="UTC").source == "none"


def test_a_week_begins_on_monday_in_the_configured_zone():
    sunday_night = datetime(2026, 11, 15, 20, tzinfo=UTC)
    assert publication(pending(published_at=sunday_night), None, now=NOW, week_zone="UTC").week == date(2026, 11, 9)
    local = publication(pending(published_at=sunday_night), None, now=NOW, week_zone="Asia/Phnom_Penh")
    assert local.week == date(2026, 11, 16)


def test_a_date_without_time_is_never_shifted_by_the_zone():
    day = datetime(2026, 11, 16, tzinfo=UTC)
    found = publication(pending(published_at=day, date_only=True), None, now=NOW, week_zone="America/New_York")
    assert found.week == date(2026, 11, 16)
