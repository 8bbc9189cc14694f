"""The intervals, changes and movers by simulation: articles of one source move together, sources differ for good."""

import random
import re

import polars as pl
import pytest

from monitor.sqlfiles import sql_text
from monitor.trends import change_p_value, discoveries, movers
from tests.sql.simulated import Press, made, mart_tables, simulate

PRESSES = {
    "independent": Press(together=0.0),
    "together": Press(together=0.03),
    "close": Press(together=0.10),
    "few sources": Press(sources=6, together=0.03),
    "one source writes half": Press(together=0.03, sizes=(200, *range(4, 24))),
    "uneven": Press(together=0.05, sizes=tuple(round(1.2**k) for k in range(25))),
    "many small": Press(together=0.10, sizes=(3,) * 120),
    "named in half of all": Press(together=0.05, rates=(-0.6, -0.15)),
}


def measured(seed, press):
    """Share of intervals that cover what is expected, of false changes on last week and on the eight weeks before."""
    history = simulate(random.Random(seed), press)
    trends = made(mart_tables(history), "weekly_trends").filter(
        (pl.col("interval_kind") == "quasi-binomial") & (pl.col("articles").mean().over("entity_id") >= 10)
    )
    rows = trends.to_dicts()
    covered = sum(r["share_low"] <= history.expected[r["entity_id"], r["week"]] <= r["share_high"] for r in rows)
    false = [
        sum(r[f"{change}_low"] > 0 or r[f"{change}_high"] < 0 for r in rows) / len(rows)
        for change in ("change", "change8")
    ]
    return len(rows), covered / len(rows), *false


@pytest.mark.parametrize("kind", PRESSES)
def test_intervals_cover_and_changes_are_seldom_false(kind):
    names, covered, false, false8 = measured(7, PRESSES[kind])
    assert names > 2000
    assert 0.93 <= covered <= 0.97, covered
    assert false <= 0.06, false
    assert false8 <= 0.06, false8


@pytest.mark.parametrize("kind", ["independent", "together", "close", "many small"])
def test_what_has_no_history_of_its_own_has_that_of_all_names(kind):
    """The intervals of blocs and phrases, tried on names whose own dispersion is left aside."""
    history = simulate(random.Random(9), PRESSES[kind])
    con = mart_tables(history)
    trends = made(con, "weekly_trends")
    con.execute(
        re.search(r"CREATE OR REPLACE MACRO main.usual_dispersion.*?\n\);", sql_text("views/035_together.sql"), re.S)[0]
    )
    con.register("trends", trends.filter(pl.col("articles").mean().over("entity_id") >= 10).to_arrow())
    rows = con.execute("""SELECT entity_id, week, wilson_low(share, observed_articles / usual_dispersion(week)),
        wilson_high(share, observed_articles / usual_dispersion(week)) FROM trends
        WHERE interval_kind = 'quasi-binomial'""").fetchall()
    covered = sum(low <= history.expected[name, week] <= high for name, week, low, high in rows) / len(rows)
    assert 0.93 <= covered <= 0.97, covered


def test_without_history_the_interval_is_wilson_s():
    trends = made(mart_tables(simulate(random.Random(1), Press(3, 8, 5, 0.0))), "weekly_trends")
    assert set(trends["interval_kind"]) == {"wilson"}
    assert trends["dispersion"].to_list() == [1.0] * trends.height


def test_movers_keep_the_false_discovery_rate():
    """Eighty names, ten of which doubled in the last week: of those reported at most a tenth should not have moved."""
    rates, found = [], 0
    moved = {f"E{e:03d}" for e in range(10)}
    for seed in range(12):
        history = simulate(random.Random(seed), Press(80, 41, 20, 0.03), {(e, 40): 2.0 for e in range(10)})
        trends = made(mart_tables(history), "weekly_trends").with_columns(name="entity_id")
        names = set(movers(trends.filter(pl.col("week") == trends["week"].max()))["entity_id"])
        found += len(names & moved)
        rates.append(len(names - moved) / max(1, len(names)))
    assert found >= 60
    assert sum(rates) / len(rates) <= 0.10


def test_among_names_that_did_not_move_there_is_seldom_a_mover():
    """Where nothing moved every mover is false: at most a tenth of archives may have any."""
    fooled = 0
    for seed in range(12):
        trends = made(mart_tables(simulate(random.Random(seed), Press(60, 41, 20, 0.05))), "weekly_trends")
        last = trends.filter(pl.col("week") == trends["week"].max()).with_columns(name="entity_id")
        fooled += movers(last).height > 0
    assert fooled <= 3  # 1.2 on average


def test_movers_have_at_least_five_stories_now_or_before():
    history = simulate(random.Random(3), Press(60, 41, 20, 0.0, rates=(-3.5, -2.0)), {(e, 40): 6.0 for e in range(30)})
    trends = made(mart_tables(history), "weekly_trends").with_columns(name="entity_id")
    last = trends.filter(pl.col("week") == trends["week"].max())
    found = movers(last)
    assert 0 < found.height < last.height
    assert ((found["stories"] >= 5) | (found["mean8"] * found["observed_articles"] >= 5)).all()


def test_discoveries_are_benjamini_and_hochberg_s():
    assert discoveries([0.01, 0.04, 0.03, 0.9], 0.1) == [True, True, True, False]
    assert discoveries([0.2, 0.3], 0.1) == [False, False]
    assert discoveries([], 0.1) == []
    assert change_p_value(0.2, 100, 0.2, 800, 1.0) == 1.0
    assert change_p_value(0.4, 100, 0.2, 800, 1.0) < 1e-4 < change_p_value(0.4, 100, 0.2, 800, 4.0)
    assert change_p_value(0.0, 100, 0.0, 800, 1.0) == change_p_value(1.0, 9, 1.0, 9, 1.0) == 1.0
    assert 0 < change_p_value(0.0, 100, 0.01, 800, 1.0) < 0.5
