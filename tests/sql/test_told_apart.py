"""What looks alike in a chart and is not: a fall, an outage, a rolled-over feed, a paywall, a new source, copies."""

import random
from datetime import date, timedelta

import pytest

from monitor import marts
from monitor.story import signature_bands
from tests.sql import made

FIRST = date(2026, 3, 23)
WEEKS = 34
EVENT = FIRST + timedelta(weeks=32)  # the week in which something happens; one full week follows, then the open one
OUT = FIRST + timedelta(weeks=20)  # the week without polls


def text(rng, named):
    return made.paragraph(rng, 60, ["Cambodia"] * named + ["China"] * (1 - named))


def press(rng, share=0.5, fall=False, outage=False, rollover=False, paywall=False, newcomer=False, copies=0):
    """Six sources of four articles a week, polled each Sunday; returns feeds, polls and articles."""
    names = [f"s{k}" for k in range(6)] + (["newcomer"] if newcomer else [])
    items, polls = [], []
    for w in range(WEEKS):
        week = FIRST + timedelta(weeks=w)
        for name in names:
            if name == "newcomer" and week < EVENT:
                continue
            lost = outage and week == OUT
            here = [] if lost else [
                article(rng, name, week, k, 0.1 if fall and week >= EVENT else 1.0 if name == "newcomer" else share,
                        partial=paywall and name == "s0" and week >= EVENT)
                for k in range(4)
            ]  # fmt: skip
            items += here
            sunday = made.at(str(week + timedelta(days=6)), 23)
            oldest = made.at(str(week - timedelta(days=1)), 0)
            if rollover and name == "s1" and week == EVENT:
                oldest = made.at(str(week + timedelta(days=3)), 0)
            if not lost:
                polls.append(made.poll(name, here, sunday, max(oldest, made.at(str(FIRST), 0))))
    items += [copy_of(items, k) for k in range(copies)]
    return [made.feed(n) for n in names], polls, items


def article(rng, name, week, k, share, partial=False):
    day = str(week + timedelta(days=k))
    status = {"status": "partial", "reason": "paywall", "tagger_version": "t1"} if partial else {}
    return made.article(name, f"{week}-{k}", day, text(rng, rng.random() < share), f"News {week} {k}", **status)


def copy_of(items, k):
    first = next(i for i in items if i.week == EVENT and "Cambodia" in i.text)
    return made.article(f"s{k % 6}", f"copy-{k}", str(EVENT + timedelta(days=3)), first.text, first.title)


@pytest.fixture
def archive(tmp_path, request):
    feeds, polls, items = press(random.Random(3), **request.param)
    with made.open_warehouse(tmp_path) as warehouse:
        bands = {i.article_id: signature_bands(i.text) for i in items}
        made.store(warehouse, feeds, items, polls=polls, bands=bands)
        marts.refresh(warehouse)
        assert marts.check(warehouse) == []
        yield warehouse


def week_of(warehouse, week, relation="weekly_trends"):
    rows = warehouse.frame(f"SELECT * FROM {relation} WHERE week = $week AND entity_id = 'KHM'", {"week": week})
    return rows.to_dicts()[0]


def spikes(warehouse):
    return warehouse.frame("FROM spikes").height


def state(warehouse, publisher, week):
    sql = "SELECT state FROM source_weeks WHERE publisher = $publisher AND week = $week"
    return warehouse.frame(sql, {"publisher": publisher, "week": week})["state"][0]


@pytest.mark.parametrize("archive", [{}], indirect=True)
def test_nothing(archive):
    row = week_of(archive, EVENT)
    assert row["change8_low"] < 0 < row["change8_high"]
    assert row["state"] == "observed"
    assert spikes(archive) == 0


@pytest.mark.parametrize("archive", [{"fall": True}], indirect=True)
def test_a_real_fall_falls_in_every_line(archive):
    row = week_of(archive, EVENT)
    assert row["change8_high"] < 0
    assert row["state"] == "observed"
    panel = week_of(archive, EVENT, "panel_trends")
    assert panel["panel_sources"] == 6
    assert panel["panel_change"] < -0.2


@pytest.mark.parametrize("archive", [{"outage": True}], indirect=True)
def test_an_outage_is_a_gap_and_no_fall(archive):
    row = week_of(archive, OUT)
    assert (row["state"], row["articles"], row["share"], row["change8"]) == ("unobserved", None, None, None)
    after = week_of(archive, OUT + timedelta(weeks=1))
    assert after["change"] is None  # there is no last week to compare with
    assert after["change8_low"] < 0 < after["change8_high"]


@pytest.mark.parametrize("archive", [{"rollover": True}], indirect=True)
def test_a_feed_that_rolled_over_between_good_polls_is_partial(archive):
    assert state(archive, "s1", EVENT) == "partial"
    assert state(archive, "s2", EVENT) == "observed"
    assert week_of(archive, EVENT, "panel_trends")["panel_sources"] == 5


@pytest.mark.parametrize("archive", [{"paywall": True}], indirect=True)
def test_a_paywall_takes_articles_out_of_the_denominator_not_out_of_sight(archive):
    row = week_of(archive, EVENT)
    assert row["observed_articles"] == 20
    assert row["change8_low"] < 0 < row["change8_high"]
    sql = "SELECT * FROM source_weeks WHERE publisher = 's0' AND week = $week"
    found = archive.frame(sql, {"week": EVENT}).to_dicts()
    assert (found[0]["state"], found[0]["observed_articles"], found[0]["partial_articles"]) == ("observed", 0, 4)


@pytest.mark.parametrize("archive", [{"newcomer": True, "share": 0.1}], indirect=True)
def test_a_new_source_is_neither_spike_nor_panel_change(archive):
    row, panel = week_of(archive, EVENT), week_of(archive, EVENT, "panel_trends")
    assert row["articles"] >= 4
    assert panel["panel_sources"] == 6
    assert abs(panel["panel_change"]) < abs(row["change"])
    assert spikes(archive) == 0


@pytest.mark.parametrize("archive", [{"copies": 40, "share": 0.1}], indirect=True)
def test_forty_copies_are_one_story(archive):
    row = week_of(archive, EVENT)
    assert row["articles"] >= 41
    assert row["stories"] == row["articles"] - 40
    assert spikes(archive) == 0
    story = archive.frame("SELECT * FROM stories WHERE articles > 5").to_dicts()
    assert [(s["articles"], s["publishers"], s["week"]) for s in story] == [(41, 6, EVENT)]
