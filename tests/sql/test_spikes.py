"""Spikes on block-bootstrapped history: seldom false, planted ones found, and none for what is no news."""

import random

import pytest
from polars.testing import assert_frame_equal

from monitor import marts
from tests.sql.simulated import FIRST, Press, binomial, bootstrapped, made, mart_tables, name, plant, simulate, week

PRESSES = {
    "articles together": Press(80, 104, together=0.02, rates=(-2.3, -0.7)),
    "a restless world": Press(80, 104, together=0.02, restless=0.2, rates=(-2.3, -0.7)),
    "moods that last": Press(80, 104, together=0.02, restless=0.2, lasting=0.7, rates=(-2.3, -0.7)),
}


def spikes(history):
    return {(r["entity_id"], r["week"]) for r in made(mart_tables(history), "spikes").to_dicts()}


@pytest.mark.parametrize("kind", PRESSES)
def test_false_alarms_are_bounded_and_planted_spikes_are_found(kind):
    """At most one alarm in 1,000 entity-weeks that have a history; nine of ten weeks of four times the mean found."""
    rng, press = random.Random(11), PRESSES[kind]
    alarms, judged, found, planted = 0, 0, 0, 0
    for _ in range(3):
        history = simulate(rng, press)
        alarms += len(spikes(bootstrapped(rng, history, press.weeks)))
        judged += press.entities * (press.weeks - 27)
        with_spikes, wanted = plant(rng, bootstrapped(rng, history, press.weeks), press.together)
        found += len(spikes(with_spikes) & wanted)
        planted += len(wanted)
    assert alarms <= judged / 1000, (alarms, judged)
    assert planted > 100
    assert found / planted >= 0.9, (found, planted)


@pytest.fixture
def tenfold():
    """A quiet year in whose week 50 the first ten entities stand in four times as many articles."""
    rng = random.Random(5)
    history = simulate(rng, Press(20, 52, 12, 0.0, rates=(-1.2, -0.8)))
    for e in range(10):
        for s, n in enumerate(history.observed[50]):
            rate = sum(rows[e][s] for rows in history.counts) / sum(row[s] for row in history.observed)
            history.counts[50][e][s] = binomial(rng, n, min(0.95, 4 * rate))
    return history


def test_a_rise_in_many_sources_is_a_spike_with_its_explanation(tenfold):
    rows = made(mart_tables(tenfold), "spikes").to_dicts()
    assert {r["entity_id"] for r in rows} == {name(e) for e in range(10)}
    for row in rows:
        assert row["week"] == week(50)
        assert row["ratio"] > 2.5
        assert row["p_value"] < 0.0012
        assert row["odds"] > 150
        assert row["stories"] == sum(tenfold.counts[50][int(row["entity_id"][1:])])
        assert row["top_source_stories"] == max(tenfold.counts[50][int(row["entity_id"][1:])])
        assert 0 < row["story_share"] < 1


@pytest.mark.parametrize("sources", [12, 3])
def test_as_many_stories_are_a_spike_from_many_sources_and_none_from_three(sources):
    """Where the articles of a source come in runs, long runs of three are no outbreak."""
    rng = random.Random(9)
    history = simulate(rng, Press(20, 52, 12, 0.05, rates=(-1.5, -1.3)))
    n = history.observed[50]
    chosen = sorted(range(12), key=lambda s: -n[s])[:sources]
    for e in range(10):
        mean = sum(sum(rows[e]) for rows in history.counts) / len(history.counts)
        share = 4 * mean / sum(n[s] for s in chosen)
        history.counts[50][e] = [round(min(1, share) * x) if s in chosen else 0 for s, x in enumerate(n)]
    found = {e for e, at in spikes(history) if at == week(50)}
    assert found == ({name(e) for e in range(10)} if sources == 12 else set())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE mart.weeks SET is_open = true WHERE week = $week",
        "UPDATE mart.weeks SET state = 'unobserved' WHERE week = $week",
        # another gazetteer counts otherwise from that week on
        "UPDATE mart.weeks SET tagger_version = 'u' WHERE week >= $week",
        # all but two of the sources are new: they were not there in 20 of the 26 weeks before
        "DELETE FROM mart.source_weeks WHERE week < $week AND publisher > 's1'",
        # one source's copies: its articles are copies of other stories, and it alone has more
        "UPDATE mart.source_mentions SET first_articles = if(publisher = 's3', 40, 0) WHERE week = $week",
    ],
    ids=["week to date", "unobserved", "gazetteer", "new sources", "one source"],
)
def test_what_is_no_news_is_no_spike(tenfold, statement):
    con = mart_tables(tenfold)
    con.execute(statement, {"week": week(50)})
    assert made(con, "spikes").height == 0


def test_a_young_archive_has_no_spikes(tenfold):
    con = mart_tables(tenfold)
    for relation in ("weeks", "weekly_mentions", "source_weeks", "source_mentions"):
        con.execute(f"DELETE FROM mart.{relation} WHERE week < $first", {"first": week(50 - 25)})
    assert made(con, "spikes").height == 0


def test_a_past_outbreak_does_not_hide_the_next(tenfold):
    """Weeks 35 and 50 both rise; the first is weighed down in the history of the second."""
    for e in range(10):
        tenfold.counts[35][e] = list(tenfold.counts[50][e])
    found = made(mart_tables(tenfold), "spikes")
    assert set(found["week"]) == {week(35), week(50)}
    assert found.filter(week=week(50)).height >= 8


def test_a_season_that_comes_every_year_is_no_spike():
    """The same weeks rise in both years: the first time is a spike, the second is expected."""
    rng = random.Random(8)
    history = simulate(rng, Press(20, 104, 12, 0.0, rates=(-1.2, -0.8)))
    for at in (*range(40, 45), *range(92, 97)):
        for e in range(10):
            history.counts[at][e] = [4 * x for x in history.counts[at - 8][e]]
    found = {w for _, w in spikes(history)}
    assert week(40) in found
    assert not found & {week(w) for w in range(92, 97)}
    assert min(found) > FIRST


def test_single_weeks_give_the_rows_of_a_full_build():
    """What a refresh sees of the past is enough, for the tail and for how much the archive's rates move."""
    rng = random.Random(3)
    press = Press(40, 104, 20, 0.02, 0.3, 0.7, rates=(-2.0, -0.7))
    history, planted = plant(rng, simulate(rng, press), press.together, since=40)
    con = mart_tables(history)
    whole = made(con, "spikes").sort("week", "entity_id")
    assert whole.height > 20
    for at in sorted({w for _, w in planted})[::9]:
        con.execute("CREATE OR REPLACE TEMP TABLE build_weeks AS SELECT $week AS week", {"week": at})
        alone = con.sql(next(m for m in marts.marts() if m.name == "spikes").select).pl()
        assert_frame_equal(alone, whole.filter(week=at), abs_tol=0, rel_tol=1e-9)
