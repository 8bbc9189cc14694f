"""Simulated source counts, and the marts that are computed from them.

An article names an entity with a probability that is the source's own habit; the articles of one source and week move
together (beta-binomial), and the rate itself may vary from week to week. Pure numbers: no text, no base tables.
"""

import math
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

import duckdb
import polars as pl

from monitor import marts
from monitor.sqlfiles import sql_text, statements
from monitor.store.migrate import migrations

FIRST = date(2001, 1, 1)


@dataclass(frozen=True)
class Press:
    """`together` is the correlation of two articles of one source and week; `restless` the log-scale deviation of an
    entity's rate from week to week (`lasting` of it stays from one week to the next); rates are powers of ten."""

    entities: int = 60
    weeks: int = 91
    sources: int = 25
    together: float = 0.02
    restless: float = 0.0
    lasting: float = 0.0
    rates: tuple[float, float] = (-1.5, -0.6)
    sizes: tuple[int, ...] = ()


@dataclass
class History:
    """Articles by [week][source], counts by [week][entity][source], the share expected of these very sources, and the
    rates by [entity][source] that the counts were drawn with."""

    observed: list
    counts: list
    expected: dict
    habits: list = field(default_factory=list)


@cache
def week(number):
    return FIRST + timedelta(weeks=number)


@cache
def name(entity):
    return f"E{entity:03d}"


def binomial(rng, n, p, together=0.0):
    """How many of n, from one random number: the counts' chances are taken off it, one after the other."""
    if p > 0.5:
        return n - binomial(rng, n, 1 - p, together)
    left, count = rng.random(), 0
    if together and p > 0:
        k = 1 / together - 1
        a, b = p * k, (1 - p) * k
        chance = math.exp(math.lgamma(b + n) - math.lgamma(b) + math.lgamma(k) - math.lgamma(k + n))
        while left > chance and count < n:
            left -= chance
            chance *= (n - count) * (a + count) / ((count + 1) * (b + n - count - 1))
            count += 1
        return count
    chance, odds = (1 - p) ** n, p / (1 - p)
    while left > chance and count < n:
        left -= chance
        chance *= (n - count) * odds / (count + 1)
        count += 1
    return count


def moods(rng, press):
    """The factor of an entity's rate, week by week."""
    x, found = rng.gauss(0, press.restless), []
    for _ in range(press.weeks):
        found.append(math.exp(x - press.restless**2 / 2) if press.restless else 1.0)
        x = press.lasting * x + rng.gauss(0, press.restless * math.sqrt(1 - press.lasting**2))
    return found


def simulate(rng, press, planted=None):
    """A history; `planted` maps (entity, week) to a factor of the rate."""
    sizes = press.sizes or tuple(rng.randrange(5, 40) for _ in range(press.sources))
    rates = [10 ** rng.uniform(*press.rates) for _ in range(press.entities)]
    habits = [[min(0.9, r * rng.lognormvariate(0, 0.4)) for _ in sizes] for r in rates]
    mood = [moods(rng, press) for _ in rates]
    found = History([], [], {}, habits)
    for w in range(press.weeks):
        articles = [max(1, round(rng.gauss(n, n**0.5))) for n in sizes]
        found.observed.append(articles)
        found.counts.append([])
        for e in range(press.entities):
            factor = mood[e][w] * (planted or {}).get((e, w), 1)
            ps = [min(0.95, factor * p) for p in habits[e]]
            found.expected[name(e), week(w)] = sum(p * n for p, n in zip(ps, articles, strict=True)) / sum(articles)
            found.counts[-1].append([binomial(rng, n, p, press.together) for p, n in zip(ps, articles, strict=True)])
    return found


def bootstrapped(rng, history, weeks, block=8):
    """Another history from blocks of whole weeks drawn from this one: sources and entities stay together."""
    observed, counts = [], []
    while len(observed) < weeks:
        start = rng.randrange(len(history.observed) - block + 1)
        observed += history.observed[start : start + block]
        counts += history.counts[start : start + block]
    return History(observed[:weeks], counts[:weeks], {})


def plant(rng, history, together, times=4, least=5.0, since=60):
    """Put one week of `times` the mean into each entity; (history, the planted whose mean is at least `least`)."""
    counts = [[list(row) for row in rows] for rows in history.counts]
    weeks, found = len(counts), set()
    for e in range(len(counts[0])):
        at = since + e % (weeks - since)
        mean = sum(sum(rows[e]) for rows in counts) / weeks
        for s, n in enumerate(history.observed[at]):
            rate = sum(rows[e][s] for rows in history.counts) / sum(row[s] for row in history.observed)
            counts[at][e][s] = binomial(rng, n, min(0.95, times * rate), together)
        if mean >= least:
            found.add((name(e), week(at)))
    return History(history.observed, counts, {}), found


def mart_tables(history):
    """A connection with the marts that shares, intervals and spikes are computed from."""
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    for step in migrations():
        con.execute(step.text)
    con.execute(sql_text("functions/arithmetic.sql"))
    observed = [(week(w), f"s{s}", n) for w, row in enumerate(history.observed) for s, n in enumerate(row)]
    counts = [
        (week(w), name(e), f"s{s}", x)
        for w, rows in enumerate(history.counts)
        for e, row in enumerate(rows)
        for s, x in enumerate(row)
        if x
    ]
    x = pl.DataFrame(counts, schema=["week", "entity_id", "publisher", "articles"], orient="row")
    n = pl.DataFrame(observed, schema=["week", "publisher", "observed_articles"], orient="row")
    con.register("x", x.with_columns(mentions="articles", first_articles="articles").to_arrow())
    con.register("n", n.to_arrow())
    con.execute("CREATE TABLE mart.source_mentions AS FROM x")
    con.execute("CREATE TABLE mart.source_weeks AS SELECT *, 'observed' AS state FROM n")
    con.execute("""CREATE TABLE mart.weeks AS SELECT week, 'observed' AS state, false AS is_open, 't' AS tagger_version,
        sum(observed_articles)::INTEGER AS observed_articles FROM n GROUP BY week""")
    con.execute("CREATE TABLE mart.horizon AS SELECT max(week) + 7 AS open_week FROM n")
    con.execute("""CREATE TABLE mart.weekly_mentions AS
        SELECT w.week, e.entity_id, t.articles, t.articles AS stories, t.sources, t.articles AS mentions,
          0 AS title_articles, w.observed_articles, t.articles / w.observed_articles::DOUBLE AS share
        FROM mart.weeks AS w CROSS JOIN (SELECT DISTINCT entity_id FROM x) AS e
        JOIN LATERAL (
          SELECT coalesce(sum(x.articles), 0)::INTEGER AS articles, count(*)::INTEGER AS sources
          FROM x WHERE x.week = w.week AND x.entity_id = e.entity_id
        ) AS t ON true""")
    return con


def made(con, last):
    """The rows of a mart, made with those it needs."""
    for mart in marts.marts():
        known = {
            n for (n,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'mart'").fetchall()
        }
        if mart.name in ("dispersions", "weekly_trends", "spikes") and mart.name not in known:
            con.execute(
                statements("store/marts.sql")["all_blocks"]
                if mart.kind == "blocks"
                else "CREATE OR REPLACE TEMP TABLE build_weeks AS SELECT week FROM mart.weeks"
            )
            con.execute(f"CREATE TABLE mart.{mart.name} AS {mart.select}")
        if mart.name == last:
            return con.sql(f"FROM mart.{last}").pl()
    raise LookupError(last)
