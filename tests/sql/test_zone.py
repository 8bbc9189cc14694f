"""Articles' weeks and their coverage are of one zone, at the border too."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor import marts
from monitor.dates import week_of
from monitor.store import Warehouse
from monitor.store.zone import sync_week_zone
from tests.sql import made

WEEK = date(2026, 11, 2)
ZONES = ["UTC", "Asia/Phnom_Penh", "America/New_York", "Pacific/Auckland"]


def instant(day, hour, zone):
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def dated(key, at, zone, date_only=False):
    text = "Cambodia met Thailand. " * 20
    when = at if not date_only else datetime(at.year, at.month, at.day, tzinfo=UTC)
    item = made.article("a", key, "2026-11-04", text, f"Title {key}")
    return replace(
        item, published_at=when, week=week_of(when, zone, date_only), published_from="page" if date_only else "feed"
    )


def warehouse_in(folder, zone, items, polls):
    warehouse = Warehouse.open(folder, lambda: made.NOW)
    sync_week_zone(warehouse, zone)
    made.store(warehouse, [made.feed("a")], items, polls=polls)
    marts.refresh(warehouse)
    assert marts.check(warehouse) == []
    return warehouse


def week_rows(warehouse):
    rows = warehouse.frame("SELECT week, state, covered, observed_articles FROM source_weeks ORDER BY week").rows()
    return {week: (state, covered, articles) for week, state, covered, articles in rows}


@pytest.mark.parametrize("zone", ZONES)
def test_a_week_that_is_covered_in_its_zone_is_observed_there(tmp_path, zone):
    """A feed is seen from one local Monday to the next; an hour to either side of it counts where it belongs."""
    first, last = instant(WEEK, 0, zone), instant(WEEK + timedelta(days=7), 0, zone)
    items = [
        dated("before", first - timedelta(hours=1), zone),
        dated("within", first + timedelta(hours=1), zone),
        dated("at the end", last - timedelta(hours=1), zone),
        dated("after", last + timedelta(hours=1), zone),
        dated("a date only", datetime(2026, 11, 2, tzinfo=UTC), zone, date_only=True),
    ]
    polls = [made.poll("a", items, last, oldest=first, first=True), made.poll("a", [], made.NOW, oldest=made.NOW)]
    with warehouse_in(tmp_path, zone, items, polls) as warehouse:
        weeks = week_rows(warehouse)
        assert weeks[WEEK] == ("observed", 1.0, 3)
        assert weeks[WEEK + timedelta(days=7)][0] != "observed"
        assert warehouse.frame("SELECT week_zone FROM horizon").rows() == [(zone,)]
        for other in (z for z in ZONES if z != zone):
            sync_week_zone(warehouse, other)
            marts.refresh(warehouse)
            assert week_rows(warehouse)[WEEK][0] == "partial"


def test_a_change_of_zone_gives_what_the_zone_would_have_given(tmp_path):
    at = datetime(2026, 10, 20, 12, tzinfo=UTC)
    moments = [at + timedelta(hours=7 * k) for k in range(90)]

    def built(folder, zone):
        items = [dated(str(k), m, zone, date_only=k % 5 == 0) for k, m in enumerate(moments)]
        for item in items:
            assert item.week.weekday() == 0
        return warehouse_in(folder, zone, items, [made.poll("a", items, made.NOW, oldest=at, first=True)])

    def contents(warehouse):
        names = [m.name for m in marts.marts()]
        return {name: sorted(map(repr, warehouse.frame(f"FROM mart.{name}").rows())) for name in names}

    with built(tmp_path / "moved", "UTC") as moved, built(tmp_path / "made", "America/New_York") as whole:
        before = contents(moved)
        assert sync_week_zone(moved, "America/New_York")
        assert not sync_week_zone(moved, "America/New_York")
        marts.refresh(moved)
        assert contents(moved) == contents(whole) != before
        for table in ("mentions", "article_texts"):
            joined = f"SELECT count(*) AS n FROM base.{table} AS t JOIN base.articles AS a USING (article_id)"
            assert moved.frame(joined + " WHERE t.week <> a.week")["n"][0] == 0
