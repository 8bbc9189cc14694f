"""The intervals, changes and spikes by simulation: articles of one source move together, sources differ for good."""

import random
from datetime import date, timedelta

import duckdb
import polars as pl
import pytest

from monitor import marts
from monitor.sqlfiles import sql_text, statements
from monitor.store.migrate import migrations
from monitor.trends import change_p_value, discoveries, movers

FIRST = date(2001, 1, 1)


def binomial(rng, n, p):
    return sum(rng.random() < p for _ in range(n))


def archive(rng, entities, weeks, sources, togetherness, planted=None):
    """Marts of source counts: beta-binomial by source and week around each source's own lasting rate.

    `togetherness` is the correlation of two articles of one source and week; `planted` maps (entity, week) to a factor.
    Returns the connection and the share that is expected of each entity and week from these very sources.
    """
    sizes = [rng.randrange(5, 40) for _ in range(sources)]
    rates = [10 ** rng.uniform(-1.5, -0.6) for _ in range(entities)]
    habits = [[min(0.9, r * rng.lognormvariate(0, 0.4)) for _ in range(sources)] for r in rates]
    counts, observed, expected = [], [], {}
    for w in range(weeks):
        week = FIRST + timedelta(weeks=w)
        articles = [max(1, round(rng.gauss(n, n**0.5))) for n in sizes]
        observed += [(week, f"s{s:02d}", n) for s, n in enumerate(articles)]
        for e in range(entities):
            factor = (planted or {}).get((e, w), 1)
            ps = [min(0.95, factor * p) for p in habits[e]]
            expected[f"E{e:03d}", week] = sum(p * n for p, n in zip(ps, articles, strict=True)) / sum(articles)
            for s, (p, n) in enumerate(zip(ps, articles, strict=True)):
                if togetherness:
                    k = 1 / togetherness - 1
                    p = rng.betavariate(p * k, (1 - p) * k)
                if x := binomial(rng, n, p):
                    counts.append((week, f"E{e:03d}", f"s{s:02d}", x))
    return mart_tables(counts, observed), expected


def mart_tables(counts, observed):
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    for step in migrations():
        con.execute(step.text)
    con.execute(sql_text("functions/arithmetic.sql"))
    x = pl.DataFrame(counts, schema=["week", "entity_id", "publisher", "articles"], orient="row")
    n = pl.DataFrame(observed, schema=["week", "publisher", "observed_articles"], orient="row")
    con.register("x", x.with_columns(mentions="articles", first_articles="articles").to_arrow())
    con.register("n", n.to_arrow())
    con.execute("CREATE TABLE mart.source_mentions AS FROM x")
    con.execute("CREATE TABLE mart.source_weeks AS SELECT *, 'observed' AS state FROM n")
    con.execute("""CREATE TABLE mart.weeks AS SELECT week, 'observed' AS state, false AS is_open, 't' AS tagger_version,
        sum(observed_articles)::INTEGER AS observed_articles FROM n GROUP BY week""")
    con.execute("""CREATE TABLE mart.horizon AS SELECT max(week) + 7 AS open_week FROM n""")
    con.execute("""CREATE TABLE mart.weekly_mentions AS
        SELECT w.week, e.entity_id, t.articles, t.articles AS stories, t.sources, t.articles AS mentions,
          0 AS title_articles, w.observed_articles, t.articles / w.observed_articles::DOUBLE AS share
        FROM mart.weeks AS w CROSS JOIN (SELECT DISTINCT entity_id FROM x) AS e
        JOIN LATERAL (
          SELECT coalesce(sum(x.articles), 0)::INTEGER AS articles, count(*)::INTEGER AS sources
          FROM x WHERE x.week = w.week AND x.entity_id = e.entity_id
        ) AS t ON true""")
    return con


def made(con, *names):
    con.execute("CREATE OR REPLACE TEMP TABLE build_weeks AS SELECT week FROM mart.weeks")
    for mart in marts.marts():
        if mart.name in names:
            con.execute(
                statements("store/marts.sql")["all_blocks"]
                if mart.kind == "blocks"
                else "CREATE OR REPLACE TEMP TABLE build_weeks AS SELECT week FROM mart.weeks"
            )
            con.execute(f"CREATE TABLE mart.{mart.name} AS {mart.select}")
    return con.sql(f"FROM mart.{names[-1]}").pl()


@pytest.mark.parametrize("togetherness", [0.0, 0.03, 0.10])
def test_intervals_cover_and_changes_are_seldom_false(togetherness):
    con, expected = archive(random.Random(7), 60, 91, 25, togetherness)
    trends = made(con, "dispersions", "weekly_trends").filter(
        (pl.col("interval_kind") == "quasi-binomial") & (pl.col("articles").mean().over("entity_id") >= 10)
    )
    rows = trends.to_dicts()
    assert len(rows) > 2000
    covered = sum(r["share_low"] <= expected[r["entity_id"], r["week"]] <= r["share_high"] for r in rows) / len(rows)
    assert 0.93 <= covered <= 0.97, covered
    for low, high in (("change_low", "change_high"), ("change8_low", "change8_high")):
        false = sum(r[low] > 0 or r[high] < 0 for r in rows) / len(rows)
        assert false <= 0.06, (low, false)


def test_without_history_the_interval_is_wilson_s():
    con, _ = archive(random.Random(1), 3, 8, 5, 0.0)
    trends = made(con, "dispersions", "weekly_trends")
    assert set(trends["interval_kind"]) == {"wilson"}
    assert trends["dispersion"].to_list() == [1.0] * trends.height


def test_movers_keep_the_false_discovery_rate():
    """Eighty names, ten of which doubled in the last week: of those reported at most a tenth should not have moved."""
    found = false = 0
    for seed in range(4):
        planted = {(e, 40): 2.0 for e in range(10)}
        con, _ = archive(random.Random(seed), 80, 41, 20, 0.03, planted)
        trends = made(con, "dispersions", "weekly_trends").with_columns(name="entity_id")
        kept = movers(trends.filter(pl.col("week") == trends["week"].max()))
        names = set(kept["entity_id"])
        found += len(names & {f"E{e:03d}" for e in range(10)})
        false += len(names - {f"E{e:03d}" for e in range(10)})
    assert found >= 20
    assert false / (found + false) <= 0.15  # 10 % on average; four archives leave this much play


def test_discoveries_are_benjamini_and_hochberg_s():
    assert discoveries([0.01, 0.04, 0.03, 0.9], 0.1) == [True, True, True, False]
    assert discoveries([0.2, 0.3], 0.1) == [False, False]
    assert discoveries([], 0.1) == []
    assert change_p_value(0.2, 100, 0.2, 800, 1.0) == 1.0
    assert change_p_value(0.4, 100, 0.2, 800, 1.0) < 1e-5 < change_p_value(0.4, 100, 0.2, 800, 4.0)
    assert change_p_value(0.0, 100, 0.0, 800, 1.0) == 1.0


def test_spikes_are_found_and_seldom_false():
    """Planted: four times the mean in one week, for means of five and more; false: any other week."""
    rng = random.Random(11)
    planted = {(e, w): 4.0 for e in range(60) for w in (45 + e % 20,)}
    con, expected = archive(rng, 60, 91, 25, 0.02, planted)
    spikes = {(r["entity_id"], r["week"]) for r in made(con, "spikes").to_dicts()}
    totals = dict(con.execute("SELECT week, observed_articles FROM mart.weeks").fetchall())
    wanted = {
        (f"E{e:03d}", FIRST + timedelta(weeks=w)) for e, w in planted
        if expected[f"E{e:03d}", FIRST + timedelta(weeks=w)] / 4 * totals[FIRST + timedelta(weeks=w)] >= 5
    }  # fmt: skip
    assert len(wanted) > 30
    assert len(spikes & wanted) / len(wanted) >= 0.9
    false = spikes - {(f"E{e:03d}", FIRST + timedelta(weeks=w)) for e, w in planted}
    assert len(false) / (60 * 91) <= 0.001
