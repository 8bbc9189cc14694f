"""Planted in one archive, and told apart through the public views: what looks alike in a chart and is not.

A real fall, an outage, a feed that rolled over between good polls, a paywall, a new source, forty copies of one story.
"""

import random
from datetime import date, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from monitor import marts, publish
from monitor.queries import open_archive
from monitor.story import signature_bands
from tests.sql import made

FIRST = date(2025, 9, 29)
WEEKS = 60
SOURCES = [f"s{k}" for k in range(8)]
WEEKLY = 6
SHARE = 0.35
OUTAGE, ROLLOVER, FALL, COPIES, PAYWALL, NEWCOMER = (FIRST + timedelta(weeks=w) for w in (30, 34, 38, 42, 46, 52))
QUIET = FIRST + timedelta(weeks=36)


def text(rng, named):
    return made.paragraph(rng, 60, ["Cambodia"] * named + ["China"] * (1 - named))


def article(rng, name, week, k):
    share = 0.05 if week == FALL else 1.0 if name == "newcomer" else SHARE
    behind = week >= PAYWALL and name == "s0"
    status = {"status": "partial", "reason": "paywall", "tagger_version": "t1"} if behind else {}
    day = str(week + timedelta(days=k))
    return made.article(name, f"{week}-{k}", day, text(rng, rng.random() < share), f"News {week} {k}", **status)


def press(rng):
    """Feeds, polls on each Sunday night, and articles."""
    items, polls = [], []
    for w in range(WEEKS):
        week = FIRST + timedelta(weeks=w)
        if week == OUTAGE:
            continue
        for name in [*SOURCES, *(["newcomer"] if week >= NEWCOMER else [])]:
            here = [article(rng, name, week, k) for k in range(WEEKLY)]
            items += here
            since = week + timedelta(days=3 if (week, name) == (ROLLOVER, "s1") else 0)
            polls.append(made.poll(name, here, made.at(str(week + timedelta(days=6)), 23), made.at(str(since), 0)))
    first = next(i for i in items if i.week == COPIES and "Cambodia" in i.text)
    day = str(COPIES + timedelta(days=4))
    items += [made.article(SOURCES[k % 8], f"copy-{k}", day, first.text, first.title) for k in range(40)]
    return [made.feed(n) for n in (*SOURCES, "newcomer")], polls, items


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("press")
    feeds, polls, items = press(random.Random(3))
    with made.open_warehouse(folder) as warehouse:
        bands = {i.article_id: signature_bands(i.text) for i in items}
        made.store(warehouse, feeds, items, polls=polls, bands=bands)
        marts.refresh(warehouse)
        assert marts.check(warehouse) == []
        publish.publish(warehouse, made.NOW)
    with open_archive(folder) as opened:
        yield opened


def row(archive, week, relation="weekly_trends"):
    return archive.sql(f"SELECT * FROM {relation} WHERE week = $w AND entity_id = 'KHM'", {"w": week}).to_dicts()[0]


def source(archive, name, week):
    sql = "SELECT * FROM source_weeks WHERE publisher = $name AND week = $week"
    return archive.sql(sql, {"name": name, "week": week}).to_dicts()[0]


def test_a_quiet_week_says_nothing(archive):
    week = row(archive, QUIET)
    assert (week["state"], week["observed_articles"]) == ("observed", 8 * WEEKLY)
    assert week["change8_low"] < 0 < week["change8_high"]


def test_a_real_fall_falls_in_every_line(archive):
    week, panel = row(archive, FALL), row(archive, FALL, "panel_trends")
    assert (week["state"], week["observed_articles"]) == ("observed", 8 * WEEKLY)
    assert week["change8_high"] < 0
    assert (panel["panel_sources"], panel["panel_change"] < -0.15) == (8, True)
    assert row(archive, FALL, "source_equal_trends")["source_equal_share"] < SHARE - 0.15
    assert "KHM" in archive.movers(FALL)["entity_id"].to_list()


def test_an_outage_is_a_gap_and_no_fall(archive):
    week, after = row(archive, OUTAGE), row(archive, OUTAGE + timedelta(weeks=1))
    assert (week["state"], week["articles"], week["share"], week["change8"]) == ("unobserved", None, None, None)
    assert row(archive, OUTAGE, "panel_trends")["chained_share"] is None
    assert after["change"] is None  # there is no last week to compare with
    assert after["change8_low"] < 0 < after["change8_high"]
    linked = row(archive, OUTAGE + timedelta(weeks=1), "panel_trends")
    assert (linked["panel_sources"], linked["panel_change"] is not None) == (8, True)  # the panel looks over the gap
    assert {source(archive, name, OUTAGE)["state"] for name in SOURCES} == {"unobserved"}
    assert archive.movers(OUTAGE).height == 0


def test_a_feed_that_rolled_over_between_good_polls_is_partial(archive):
    assert (source(archive, "s1", ROLLOVER)["state"], source(archive, "s2", ROLLOVER)["state"]) == (
        "partial",
        "observed",
    )
    assert 0.5 < source(archive, "s1", ROLLOVER)["covered"] < 0.7
    assert row(archive, ROLLOVER, "panel_trends")["panel_sources"] == 7
    assert row(archive, ROLLOVER)["state"] == "observed"  # seven of eight were seen


def test_a_paywall_takes_articles_out_of_the_denominator_not_out_of_sight(archive):
    week, behind = row(archive, PAYWALL), source(archive, "s0", PAYWALL)
    assert week["observed_articles"] == 7 * WEEKLY
    assert week["change8_low"] < 0 < week["change8_high"]
    assert (behind["state"], behind["observed_articles"], behind["partial_articles"]) == ("observed", 0, WEEKLY)
    told = archive.sql("SELECT advice FROM feed_health WHERE feed_id = 's0'")["advice"][0]
    assert "paywall" in told


def test_a_new_source_is_neither_spike_nor_panel_change(archive):
    week, panel = row(archive, NEWCOMER), row(archive, NEWCOMER, "panel_trends")
    assert week["observed_articles"] == 8 * WEEKLY  # seven old ones and the new one
    assert panel["panel_sources"] == 8  # all that were there before, the one behind a paywall too
    assert source(archive, "newcomer", NEWCOMER)["observed_articles"] == WEEKLY
    assert week["share"] > panel["panel_share"]
    assert abs(panel["panel_change"]) < abs(week["change"])


def test_the_line_of_the_panel_is_a_share_and_that_of_all_while_all_are_in_it(archive):
    lines = archive.sql("""SELECT week, chained_share, share
        FROM panel_trends JOIN weekly_trends USING (week, entity_id)
        WHERE chained_share IS NOT NULL""")
    assert lines.height > 400
    assert lines["chained_share"].is_between(0, 1).all()
    before = lines.filter(pl.col("week") < ROLLOVER)
    assert (before["chained_share"] - before["share"]).abs().max() < 1e-9


def test_forty_copies_are_one_story(archive):
    week = row(archive, COPIES)
    assert week["articles"] > 41
    assert week["stories"] == week["articles"] - 40
    story = archive.sql("FROM stories WHERE articles > 5").to_dicts()
    assert [(s["articles"], s["publishers"], s["week"]) for s in story] == [(41, 8, COPIES)]


def test_none_of_them_is_a_spike(archive):
    assert archive.spikes().height == 0


def test_each_is_told_from_the_others(archive):
    """What a viewer sees of each week differs in something, and of no two in nothing."""
    weeks = (QUIET, FALL, OUTAGE, ROLLOVER, PAYWALL, NEWCOMER, COPIES)
    seen = [signs(archive, week) for week in weeks]
    assert len(set(seen)) == len(weeks), seen


def test_a_trend_within_everything_is_the_trend(archive):
    """Every column of every week: the outage, the week half seen, the paywall, the open week."""
    for name in ("Cambodia", "China", "Thailand"):
        whole, within = archive.sql(f"FROM trend('{name}')"), archive.sql(f"FROM trend_within('{name}')")
        assert whole.height == WEEKS
        assert_frame_equal(whole, within)
    part = archive.trend("Cambodia", source_type="commentary", salience="repeated")
    assert part.columns == whole.columns
    gap = part.row(by_predicate=pl.col("week") == OUTAGE, named=True)
    assert (gap["state"], gap["articles"], gap["mean4"], gap["mean8"]) == ("unobserved", None, None, None)


def signs(archive, week):
    """State, fallen or not, sources, those partly seen, those with partial texts, articles that are copies."""
    now = row(archive, week)
    sources = archive.sql(
        """SELECT count(*) AS n, count(*) FILTER (state = 'partial') AS partly,
          count(*) FILTER (partial_articles > 0) AS behind FROM source_weeks WHERE week = $w""",
        {"w": week},
    )
    has_fallen = now["change8_high"] is not None and now["change8_high"] < 0
    return now["state"], has_fallen, *sources.row(0), (now["articles"] or 0) - (now["stories"] or 0)
