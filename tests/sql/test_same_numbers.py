"""The same question asked at another door gets the same answer: library, SQL, named query, page query."""

from datetime import date, timedelta

import polars as pl
import pytest
from dashboards.movers import movers

from monitor import marts, publish
from monitor.cli.trends import most_mentioned, pivot
from monitor.queries import open_archive
from tests import made_press
from tests.sql import made

LAST = made_press.OPEN - timedelta(weeks=1)
PARTS = [
    {"source_type": "commentary"}, {"source_type": "think-tank"}, {"source_type": "government"}, {"region": "Pacific"},
    {"source_type": "commentary", "region": "Pacific"}, {"source_type": "think-tank", "region": "East Asia"},
    {"region": "South Asia"},
]  # fmt: skip


@pytest.fixture(scope="module")
def press(tmp_path_factory):
    """Two years of a made press, with nothing on the two most named countries in its last whole week."""
    folder = tmp_path_factory.mktemp("fallen")
    with made.open_warehouse(folder, made_press.NOW) as warehouse:
        made_press.fill(warehouse)
        gone = "entity_id IN ('USA', 'CHN') AND week = ?"
        warehouse.connection.execute(f"UPDATE base.mentions SET counted = false WHERE {gone}", [LAST])
        marts.build(warehouse)
        publish.publish(warehouse, made_press.NOW)
    with open_archive(folder) as archive:
        yield archive


def test_a_name_that_fell_to_nothing_changed_beyond_noise_on_the_page_too(press):
    judged = press.movers()
    fallen = judged.filter(pl.col("entity_id").is_in(["USA", "CHN"]))
    assert fallen["articles"].to_list() == [0, 0]
    page = movers(press.named("page_ranking", {"week": LAST, "limit": 100_000}).to_dicts())
    assert [row["entity_id"] for row in page] == judged["entity_id"].to_list()


@pytest.mark.parametrize("part", PARTS, ids=str)
def test_a_part_is_seen_alike_by_page_and_library(press, part):
    asked = {"entities": ["KHM"], **part}
    page = press.named("page_trend_filtered", asked).sort("week")
    library = press.trend("Cambodia", **part)
    columns = ["week", "state", "articles", "stories", "sources", "observed_articles"]
    assert page.select(columns).equals(library.select(columns))
    weeks = press.named("page_weeks_filtered", part)
    assert weeks.select("week", "state").equals(page.select("week", "state"))
    assert weeks["sources"].max() < 12


def test_the_most_mentioned_are_those_of_the_weeks_that_are_shown(press):
    """The spike of Ukraine lies forty weeks back."""
    until = made_press.OPEN - timedelta(weeks=39)
    since = until - timedelta(weeks=3)
    counted = press.sql(
        "SELECT entity_id, sum(articles) AS n FROM weekly_mentions JOIN entities USING (entity_id) "
        "WHERE week BETWEEN $since AND $until GROUP BY entity_id ORDER BY n DESC, entity_id LIMIT 5",
        {"since": since, "until": until},
    )
    assert most_mentioned(press, 4, 5, None, until) == counted["entity_id"].to_list()
    assert most_mentioned(press, 12, 5, since, until) == counted["entity_id"].to_list()
    assert most_mentioned(press, 12, 5) != counted["entity_id"].to_list()


def test_a_long_table_has_a_column_for_each_week():
    weeks = [date(2020, 1, 6) + timedelta(weeks=k) for k in range(330)]
    found = pl.DataFrame({"week": weeks, "name": "China", "articles": 1, "is_open": False})
    wide = pivot(found)
    assert wide.width == 332
    assert wide["total"].to_list() == [330]
    assert pivot(found.head(3)).columns == ["name", "01-06", "01-13", "01-20", "total"]


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """Polls that began in November, articles of years before that, and one article of seventy naming sentences."""
    folder = tmp_path_factory.mktemp("odd")
    both = "Cambodia met Thailand."
    old = [made.article("a", f"old{k}", f"2025-0{1 + k % 9}-10", both) for k in range(30)]
    new = [made.article("a", f"new{k}", "2026-11-10", both) for k in range(8)]
    new += [made.article("a", f"alone{k}", "2026-11-11", "Cambodia alone.") for k in range(4)]
    long = " ".join(["Cambodia spoke."] * 66 + ["Russia spoke.", "ASEAN spoke.", "Viet Nam spoke to Russia."])
    new.append(made.article("a", "long", "2026-11-12", long))
    with made.open_warehouse(folder) as warehouse:
        polls = [made.poll("a", [*old, *new], oldest=made.at("2026-11-09", 0), first=True)]
        made.store(warehouse, [made.feed("a", source_type="news")], [*old, *new], polls=polls)
        marts.build(warehouse)
        assert marts.check(warehouse) == []
        publish.publish(warehouse, made.NOW)
    with open_archive(folder) as archive:
        yield archive


def test_partners_are_counted_in_the_weeks_that_were_observed(odd):
    pair = odd.pair("Thailand", "Cambodia")
    together, expected = pair["articles"].sum(), pair["expected_articles"].sum()
    assert together == 8
    for found in (
        odd.partners("Thailand", None, least_articles=1),
        odd.partners("Thailand", None, least_articles=1, source_type="news"),
        odd.sql("FROM partners('Thailand', least_articles := 1)"),
        odd.sql("FROM partners_within('Thailand', least_articles := 1)"),
    ):
        row = found.filter(entity_id="KHM").to_dicts()[0]
        assert row["articles"] == together
        assert row["expected_articles"] == pytest.approx(expected)
        assert row["lift"] == pytest.approx(together / expected)
    page = odd.named("page_partners", {"entity": "THA", "least_articles": 1}).filter(entity_id="KHM").to_dicts()[0]
    assert (page["articles"], page["lift"]) == (together, pytest.approx(together / expected))


def test_sentences_that_lie_apart_in_a_long_article_are_never_one(odd):
    week = date(2026, 11, 9)
    apart = odd.pair("Russia", "ASEAN", since=week, until=week)
    assert (apart["articles"].to_list(), apart["sentences"].to_list()) == ([1], [0])


def test_data_reach_as_far_as_a_poll_that_succeeded(odd):
    totals = odd.named("totals").to_dicts()[0]
    horizon = odd.sql("FROM horizon").to_dicts()[0]
    assert totals["data_through"] == horizon["data_through"].date()
    assert totals["observed_since"] == horizon["observed_since"].date()
