import json
from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from monitor import marts, publish
from monitor.errors import DataFolderError, QueryError, UnknownEntityError
from monitor.export import export
from monitor.queries import analysts_queries, named_queries, open_archive
from tests.sql import made

LAST = date(2026, 11, 9)


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive")
    with made.open_warehouse(folder) as warehouse:
        made.store(warehouse, *made.archive(weeks=30))
        marts.refresh(warehouse)
        publish.publish(warehouse, made.NOW)
    with open_archive(folder) as opened:
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


def test_an_unknown_entity_gets_the_nearest_names(archive):
    with pytest.raises(UnknownEntityError, match="Cambodia"):
        archive.trend("Cambodja")


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


@pytest.mark.parametrize(
    ("within", "says"),
    [
        ({"source_type": "nws"}, "no source is of type nws: there are commentary, government, news, think-tank"),
        ({"region": "Atlantis"}, "no source is of region Atlantis: there are "),
        ({"collection": "zz"}, "no source is in a collection zz: there are asean, c0"),
        ({"salience": "loud"}, "salience is title, lead or repeated, not loud"),
        ({"form": "nam"}, "form is name, demonym, .* not nam"),
    ],
)
def test_a_filter_that_no_source_has_is_an_error(archive, within, says):
    """It would look like weeks that nobody saw, or in which nobody named it."""
    with pytest.raises(QueryError, match=says):
        archive.trend("Cambodia", **within)
    ((key, value),) = within.items()
    with pytest.raises(QueryError, match=says):
        archive.sql(f"FROM trend_within('Cambodia', {key} := '{value}')")


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


@pytest.mark.parametrize(
    "ask",
    [
        "panel_within('KHM', {})",
        "source_equal_within('KHM', {})",
        "partners_within('KHM', {})",
        "week_to_date_within({})",
        "source_mentions_within('KHM', {})",
    ],
)
@pytest.mark.parametrize(
    ("wrong", "says"),
    [("region := 'Atlantis'", "no source is of region Atlantis"), ("form := 'nam'", "form is name, demonym")],
)
def test_a_part_that_is_not_there_is_an_error(archive, ask, wrong, says):
    with pytest.raises(QueryError, match=says):
        archive.sql(f"FROM {ask.format(wrong)}")


def test_words_are_looked_for_by_a_pattern_made_once(archive):
    """An error() within it would have it made anew for every text, at a hundred times the cost."""
    plan = archive.sql("EXPLAIN SELECT count(*) FROM article_texts WHERE has_words(text, 'new rules')").rows()
    assert "regexp_escape" not in str(plan)
    with pytest.raises(QueryError, match="no words are given"):
        archive.search(" ")


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


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        ("FROM trend('Cambodja')", "no country or organisation is called Cambodja"),
        ("FROM evidence('Cambodja', DATE '2026-11-09')", "no country or organisation is called"),
        ("FROM compare(['KHM', 'nobody'])", "called nobody"),
        ("FROM pair('KHM', 'nobody')", "called nobody"),
        ("FROM trend('Mekong region')", "is a region: weekly counts are of countries"),
        ("FROM trend_within('mekong', salience := 'title')", "is a region"),
        ("FROM partners('mekong')", "is a region"),
        ("FROM trend_as_of('mekong', 1)", "is a region"),
        ("FROM bloc('Cambodia')", "Cambodia has no members"),
        ("FROM pair('Cambodia', 'khm')", "Cambodia and khm are both KHM"),
        ("FROM phrase(' ')", "no words"),
        ("FROM search('')", "no words"),
    ],
)
def test_a_name_without_an_answer_is_an_error_in_sql_too(archive, ask, says):
    """An empty table would look like an entity that nobody names."""
    with pytest.raises(QueryError, match=says):
        archive.sql(ask)


def test_words_are_found_in_any_case_over_line_ends_and_beyond_ascii(archive):
    pattern = archive.sql("SELECT words_pattern($words) AS p", {"words": "new rules"})["p"][0]
    for text in ("NEW rules", "the new\nrules.", "(new\u00a0rules)"):
        assert archive.sql("SELECT regexp_matches($t, $p) AS y", {"t": text, "p": pattern})["y"][0]
    for words, text, found in (
        ("élysée", "À l’ÉLYSÉE", True),
        ("lysée", "Élysée", False),
        ("rice", "the price", False),
        ("U.S.", "the U.S. said", True),
        ("U.S.", "UxSx", False),
        ("合作", "国际合作组织", True),
    ):
        ask = "SELECT regexp_matches($t, words_pattern($w)) AS y"
        assert archive.sql(ask, {"t": text, "w": words})["y"][0] == found, words


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


VALUES = {
    "entity": "KHM",
    "a": "KHM",
    "b": "THA",
    "name": "asean",
    "words": "trade",
    "week": "2026-11-09",
    "feed_id": "source1",
}


@pytest.mark.parametrize("name", analysts_queries())
def test_every_named_query_of_this_archive_runs(archive, name):
    """The pages' own queries (page_*) are run by the dashboard's tests."""
    query = named_queries()[name]
    assert archive.named(name, {k: v for k, v in VALUES.items() if k in query.params}).width > 0
    assert query.about


def test_named_queries_say_what_they_miss(archive):
    with pytest.raises(QueryError, match="needs --param entity"):
        archive.named("trend")
    with pytest.raises(QueryError, match="needs --param words"):
        archive.named("search", {"words": ""})
    with pytest.raises(QueryError, match=r"did you mean trend\b"):
        archive.named("trends")
    for wrong in ("trends", "tend", "page_trendy", "pairs", "unknown", "qqq"):
        with pytest.raises(QueryError, match=r"did you mean|without a name lists them") as told:
            archive.named(wrong)
        assert "page_" not in str(told.value).partition(":")[2]
    with pytest.raises(QueryError, match="no parameter x"):
        archive.named("coverage", {"x": 1})


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM base.feeds",
        "CREATE TEMP TABLE x AS SELECT 1",
        "COPY base.feeds TO '/tmp/x.csv'",
        "FROM read_csv('/etc/passwd')",
        "ATTACH '/tmp/x'",
        "SELECT 1; SELECT 2",
        "SET threads = 1",
        "INSTALL httpfs",
        "selec 1",
        "SELECT * FROM nowhere",
        "",
    ],
)
def test_sql_that_does_not_only_read_is_refused(archive, query):
    with pytest.raises(QueryError):
        archive.sql(query)


def test_sql_takes_parameters_and_gives_utc(archive):
    assert archive.sql("SELECT $x::INTEGER + 1 AS y", {"x": 2})["y"].to_list() == [3]
    assert (
        str(archive.sql("SELECT max(fetched_at) AS at FROM articles")["at"].dtype)
        == "Datetime(time_unit='us', time_zone='UTC')"
    )


def test_nothing_published_is_a_clear_error(tmp_path):
    with pytest.raises(DataFolderError, match="nothing is published"):
        open_archive(tmp_path)


CONTRACT = {
    "feeds": "feed_id name url moved_to publisher source_type region language status consecutive_failures last_ok_at "
    "next_fetch_at",
    "entries": "feed_id entry_id url title published_raw first_seen_at outcome article_id",
    "articles": "article_id feed_id url canonical_url title author published_at published_from fetched_at week "
    "language word_count status story_id tagger_version extractor_version",
    "article_texts": "article_id text",
    "mentions": "article_id entity_id kind form surface field zone counted char_start char_end",
    "entities": "entity_id kind name iso2 iso3 region acronym listed successor_id",
    "fetches": "run_id kind url started_at seconds outcome http_status bytes error",
    "runs": "run_id started_at finished_at",
    "weekly_mentions": "week entity_id articles mentions observed_articles share",
}


@pytest.mark.parametrize("view", CONTRACT)
def test_other_programs_find_their_columns(archive, view):
    columns = archive.sql(f"FROM {view} LIMIT 0").columns
    assert set(CONTRACT[view].split()) <= set(columns)


def test_what_an_earlier_version_did_not_publish_is_said(tmp_path):
    with made.open_warehouse(tmp_path) as warehouse:
        made.store(warehouse, *made.archive(weeks=2))
        marts.refresh(warehouse)
        warehouse.connection.execute("DROP MACRO TABLE main.partners_within")
        publish.publish(warehouse, made.NOW)
    with open_archive(tmp_path) as opened:
        with pytest.raises(QueryError, match=r"partners_within is not in this copy.* monitor run publishes it anew"):
            opened.partners("Cambodia", source_type="news")
        with pytest.raises(QueryError, match="Table with name nothing does not exist"):
            opened.sql("FROM nothing")


def test_of_two_gazetteers_of_one_instant_all_speak_of_the_last(tmp_path):
    with made.open_warehouse(tmp_path / "data") as warehouse:
        made.store(warehouse, *made.archive(weeks=2))
        for version in ("z", "a"):
            assert warehouse.sync_gazetteer(made.Gazetteer(version=version))
        assert warehouse.has_gazetteer("a")
        assert not warehouse.has_gazetteer("z")
        marts.build(warehouse)
        publish.publish(warehouse, made.NOW)
    with open_archive(tmp_path / "data") as archive:
        assert archive.vintages()["gazetteer"].to_list() == ["a"]
        assert archive.named("page_state")["gazetteer"].to_list() == ["a"]
        export(archive, tmp_path / "out")
    assert json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))["gazetteer"] == "a"
