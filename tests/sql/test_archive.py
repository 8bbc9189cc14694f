"""Every number of an archive of thirty weeks, whole and in parts, is what its rows say."""

from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from monitor import marts, publish
from monitor.errors import QueryError
from monitor.queries import open_archive
from tests.sql import made

LAST = date(2026, 11, 9)


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    with open_archive(made.publish_archive(tmp_path_factory.mktemp("archive"), weeks=30)) as opened:
        yield opened


def test_every_number_is_what_its_evidence_says(archive):
    """Articles are the articles of the evidence, mentions its rows, observed_articles the rows of observed(week)."""
    trends = archive.sql("FROM weekly_mentions")
    assert trends.height == 30 * len(made.ENTITIES)
    observed = {week: archive.observed(week).height for week in trends["week"].unique()}
    for row in trends.to_dicts():
        evidence = archive.evidence(row["entity_id"], row["week"])
        assert evidence["article_id"].n_unique() == row["articles"]
        assert evidence.height == row["mentions"]
        assert observed[row["week"]] == row["observed_articles"]


def test_evidence_says_what_the_text_says(archive):
    evidence = archive.sql(
        "SELECT e.*, a.title AS t, x.text FROM evidence('Cambodia', DATE '2026-11-09') AS e "
        "JOIN articles AS a USING (article_id) JOIN article_texts AS x USING (article_id)"
    )
    assert evidence.height > 5
    for row in evidence.to_dicts():
        source = row["t"] if row["field"] == "title" else row["text"]
        assert source[row["char_start"] : row["char_end"]] == row["surface"]
        assert row["surface"] in row["sentence"]
        assert row["sentence"] in source


@pytest.mark.parametrize("name", ["KHM", "khm", "KH", "Cambodia", "cambodia", "CAMBODIA"])
def test_an_entity_goes_by_any_of_its_names(archive, name):
    assert archive.entity(name) == "KHM"
    assert archive.trend(name, weeks=3).height == 3


def test_a_trend_without_filters_is_the_sum_of_its_source_types(archive):
    whole = archive.trend("Cambodia")
    parts = [archive.trend("Cambodia", source_type=t) for t in ("news", "government", "think-tank", "commentary")]
    for column in ("articles", "mentions", "observed_articles", "sources", "stories"):
        assert whole[column].to_list() == sum(p[column] for p in parts).to_list()


def test_filters_narrow(archive):
    whole = archive.trend("Cambodia")["articles"].sum()
    for within in ({"salience": "title"}, {"salience": "repeated"}, {"form": "demonym"}, {"collection": "c0"}):
        narrowed = archive.trend("Cambodia", **within)["articles"].sum()
        assert 0 < narrowed < whole, within
    assert archive.trend("Cambodia", collection="core")["articles"].sum() == whole
    with pytest.raises(QueryError, match="cannot be narrowed by mood"):
        archive.trend("Cambodia", mood="x")


def test_spans(archive):
    assert archive.trend("KHM", weeks=4)["week"].to_list()[-1] == date(2026, 11, 16)
    assert archive.trend("KHM", since=LAST, until=LAST)["week"].to_list() == [LAST]
    assert archive.trend("KHM", 2, until=LAST)["week"].to_list() == [date(2026, 11, 2), LAST]
    assert archive.last_week() == LAST


def test_a_pair_s_lift_is_over_independence(archive):
    for row in archive.pair("Cambodia", "Thailand").drop_nulls("lift").to_dicts():
        expected = row["a_articles"] * row["b_articles"] / row["observed_articles"]
        assert row["lift"] == pytest.approx(row["articles"] / expected)
        assert row["sentences"] <= 100
    assert archive.pair("THA", "KHM")["articles"].to_list() == archive.pair("KHM", "THA")["articles"].to_list()
    assert set(archive.partners("KHM")["name"]) >= {"Thailand", "Viet Nam"}


def test_compare_bloc_phrase_and_search(archive):
    assert archive.compare(["KHM", "asean"], weeks=2).height == 4
    assert archive.compare(["Cambodia"]).equals(archive.trend("Cambodia"))
    assert archive.bloc("ASEAN", weeks=2)["members"].to_list() == [3, 3]
    phrase = archive.phrase("harvest and", weeks=5)
    texts = archive.sql(
        "SELECT week, title || chr(10) || text AS text FROM articles JOIN article_texts USING (article_id)"
    )
    for row in phrase.to_dicts():
        here = texts.filter(texts["week"] == row["week"])["text"].to_list()
        assert row["articles"] == sum("harvest and" in text.lower() for text in here)
    assert archive.named("search", {"words": "harvest", "limit": 3}).height == 3


def test_pairs_blocs_and_phrases_within_everything_are_the_whole(archive):
    for whole, within in (
        ("pair('Cambodia', 'Thailand')", "pair_within('Cambodia', 'Thailand')"),
        ("bloc('ASEAN')", "bloc_within('ASEAN')"),
    ):
        assert_frame_equal(archive.sql(f"FROM {whole}"), archive.sql(f"FROM {within}"))
    types = ("news", "government", "think-tank", "commentary")
    for ask in (
        lambda **within: archive.pair("KHM", "THA", **within),
        lambda **within: archive.bloc("asean", **within),
        lambda **within: archive.phrase("harvest", **within),
    ):
        parts = [ask(source_type=t) for t in types]
        for column in ("articles", "observed_articles"):
            assert ask()[column].to_list() == sum(p[column] for p in parts).to_list()
        assert 0 < ask(collection="c0")["articles"].sum() < ask()["articles"].sum()
    assert archive.pair("KHM", "THA", salience="title")["articles"].sum() < archive.pair("KHM", "THA")["articles"].sum()
    assert 0 < archive.bloc("asean", form="demonym")["articles"].sum() < archive.bloc("asean")["articles"].sum()
    for wrong in (lambda: archive.phrase("x", salience="title"), lambda: archive.pair("KHM", "THA", mood="x")):
        with pytest.raises(QueryError, match="cannot be narrowed by"):
            wrong()
    for ask in (
        "pair_within('KHM', 'THA', form := 'x')",
        "bloc_within('asean', region := 'x')",
        "phrase('x', region := 'x')",
    ):
        with pytest.raises(QueryError, match=r"form is|no source is of region"):
            archive.sql(f"FROM {ask}")


IN_PARTS = (
    ("panel_trends WHERE entity_id = 'KHM' ORDER BY week", "panel_within('Cambodia')"),
    ("source_equal_trends WHERE entity_id = 'KHM' ORDER BY week", "source_equal_within('Cambodia')"),
    ("partners('Cambodia')", "partners_within('Cambodia')"),
    ("week_to_date ORDER BY entity_id", "week_to_date_within()"),
)


@pytest.mark.parametrize(("whole", "within"), IN_PARTS, ids=lambda q: q.split()[0])
def test_a_part_that_is_everything_is_the_whole(archive, whole, within):
    whole, within = archive.sql(f"FROM {whole}"), archive.sql(f"FROM {within}")
    assert within.height >= len(made.ENTITIES) - 2
    assert_frame_equal(within, whole.select(within.columns))
    assert set(within.columns) == set(whole.columns)


def test_sources_of_a_part_are_those_of_the_whole(archive):
    keys = "week, publisher, state, observed_articles"
    assert_frame_equal(
        archive.sql("FROM source_weeks_within()"),
        archive.sql(f"SELECT {keys} FROM source_weeks ORDER BY week, publisher"),
    )
    assert_frame_equal(
        archive.sql("FROM source_mentions_within('KHM')"),
        archive.sql("""SELECT week, publisher, articles, mentions FROM source_mentions
            WHERE entity_id = 'KHM' ORDER BY week, publisher"""),
    )


@pytest.mark.parametrize(("key", "value"), [("source_type", "news"), ("collection", "c0"), ("salience", "lead")])
def test_partners_in_parts_are_pairs_in_parts(archive, key, value):
    found = archive.partners("KHM", None, least_articles=1, **{key: value})
    assert found.height >= 2
    for row in found.to_dicts():
        pair = archive.pair("KHM", row["entity_id"], **{key: value})
        assert (row["articles"], row["sentences"]) == (pair["articles"].sum(), pair["sentences"].sum())
        by_chance = pair["a_articles"].sum() * pair["b_articles"].sum() / pair["observed_articles"].sum()
        assert row["expected_articles"] == pytest.approx(by_chance)
        assert row["lift"] == pytest.approx(row["articles"] / by_chance)


def test_every_source_of_a_part_counts_alike(archive):
    articles = archive.sql("""SELECT o.week, o.publisher, avg((x.article_id IS NOT NULL)::INTEGER) AS share
        FROM mart.observed AS o LEFT JOIN article_entities AS x
          ON x.article_id = o.article_id AND x.entity_id = 'KHM' AND x.in_title
        WHERE o.source_type = 'news' GROUP BY o.week, o.publisher""")
    wanted = dict(articles.group_by("week").agg(pl.col("share").mean()).iter_rows())
    found = archive.sql("FROM source_equal_within('KHM', source_type := 'news', salience := 'title')")
    assert found["sources"].max() < archive.sql("FROM source_equal_within('KHM')")["sources"].max()
    assert dict(found.drop_nulls().select("week", "source_equal_share").iter_rows()) == pytest.approx(wanted)
    assert found["source_equal_share"].sum() > 0


def test_every_share_has_its_interval_and_every_week_says_whether_it_is_over(archive):
    for found in (archive.trend("KHM"), archive.bloc("asean"), archive.phrase("trade"), archive.compare(["KHM"])):
        seen = found.filter(pl.col("observed_articles") > 0)
        assert seen.height > 20
        around = pl.col("share").is_between("share_low", "share_high") & pl.col("share").is_between(0, 1)
        assert seen.filter(around).height == seen.height
        assert (seen["share_high"] - seen["share_low"] > 0.02).all()
    for found in (archive.trend("KHM"), archive.bloc("asean"), archive.phrase("trade"), archive.pair("KHM", "THA")):
        assert found["is_open"].to_list() == [False] * 29 + [True]
        assert found["state"].null_count() == 0


def test_a_day_within_a_week_opens_the_week(archive):
    for ask in (lambda day: archive.evidence("KHM", day), archive.observed):
        assert ask(date(2026, 11, 11)).equals(ask(LAST))
        assert ask(LAST).height > 0


def test_a_name_that_fell_to_nothing_is_in_the_week_to_date(tmp_path):
    with made.open_warehouse(tmp_path) as warehouse:
        made.store(warehouse, *made.archive(weeks=3))
        marts.refresh(warehouse)
        warehouse.connection.execute("""DELETE FROM mart.article_entities
            WHERE entity_id = 'THA' OR (entity_id = 'KHM' AND week = (SELECT open_week FROM mart.horizon))""")
        warehouse.connection.execute("UPDATE base.articles SET first_seen_at = published_at")
        warehouse.connection.execute("UPDATE base.windows SET polled_at = polled_at - INTERVAL 30 DAYS")
        publish.publish(warehouse, made.NOW)
    with open_archive(tmp_path) as archive:
        named = archive.named("to_date")["entity_id"].to_list()
    assert "KHM" in named
    assert "THA" not in named
