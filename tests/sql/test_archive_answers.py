"""What readers may ask, which columns they find, and what is said where there is no answer: small archives do."""

import json
import shutil

import pytest

from monitor import marts, publish
from monitor.errors import DataFolderError, QueryError, UnknownEntityError
from monitor.export import export
from monitor.queries import analysts_queries, named_queries, open_archive
from tests.sql import made


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The data folder of an archive of three weeks."""
    return made.publish_archive(tmp_path_factory.mktemp("archive"), weeks=3)


@pytest.fixture(scope="module")
def archive(published):
    with open_archive(published) as opened:
        yield opened


def test_an_unknown_entity_gets_the_nearest_names(archive):
    with pytest.raises(UnknownEntityError, match="Cambodia"):
        archive.trend("Cambodja")


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


def test_what_an_earlier_version_did_not_publish_is_said(published, tmp_path):
    folder = shutil.copytree(published, tmp_path / "data", symlinks=True)
    with made.open_warehouse(folder) as warehouse:
        warehouse.connection.execute("DROP MACRO TABLE main.partners_within")
        warehouse.connection.execute("UPDATE base.data_version SET version = version + 1")
        publish.publish(warehouse, made.NOW)
    with open_archive(folder) as opened:
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
