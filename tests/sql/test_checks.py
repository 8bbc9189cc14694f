"""Each fault that a check is for stops the publish, is named, and leaves the last good copy in place."""

import shutil
from datetime import timedelta

import pytest

from monitor import marts, publish
from monitor.errors import CheckFailedError
from monitor.pipeline.run import build_and_publish
from monitor.sqlfiles import sql_files
from monitor.story import signature_bands
from tests.sql import made

ONE = "article_id = (SELECT min(article_id) FROM base.mentions)"
FAULTS = {
    "an article twice": ("duplicates", "INSERT INTO base.articles SELECT * FROM base.articles LIMIT 1"),
    "an address twice": ("duplicates", "UPDATE base.articles SET canonical_url = 'x' WHERE feed_id = 'source1'"),
    "a text twice": ("duplicates", "INSERT INTO base.article_texts SELECT * FROM base.article_texts LIMIT 1"),
    "an entry twice": ("duplicates", "INSERT INTO base.entries SELECT * FROM base.entries LIMIT 1"),
    "a poll twice": ("duplicates", "INSERT INTO base.windows SELECT * FROM base.windows LIMIT 1"),
    "an entity twice": ("duplicates", "INSERT INTO base.entities FROM base.entities WHERE entity_id = 'mekong'"),
    "a mention of no article": ("orphans", f"UPDATE base.mentions SET article_id = 1 WHERE {ONE}"),
    "a mention of no entity": ("orphans", "DELETE FROM base.entities WHERE entity_id = 'THA'"),
    "a mention in another week": ("orphans", f"UPDATE base.mentions SET week = week - 7 WHERE {ONE}"),
    "an article of no feed": ("orphans", "DELETE FROM base.feeds WHERE feed_id = 'source1'"),
    "an article of no story": ("orphans", f"UPDATE base.articles SET story_id = 1 WHERE {ONE}"),
    "an entry of no article": ("orphans", f"UPDATE base.entries SET article_id = 1 WHERE {ONE}"),
    "another span": ("mention_spans", f"UPDATE base.mentions SET char_start = 0, char_end = 1 WHERE {ONE}"),
    "a mention twice": ("mention_spans", "INSERT INTO base.mentions SELECT * FROM base.mentions LIMIT 1"),
    "no outcome": ("reconciliation", f"UPDATE base.entries SET outcome = 'lost' WHERE {ONE}"),
    "no reason": ("reconciliation", f"UPDATE base.entries SET outcome = 'refused' WHERE {ONE}"),
    "a run that does not add up": ("reconciliation", "UPDATE base.runs SET stored = stored - 1"),
    "an entry that vanished": ("reconciliation", f"DELETE FROM base.entries WHERE {ONE}"),
    "a future week": ("weeks", f"UPDATE base.articles SET week = '2027-01-04' WHERE {ONE}"),
    "a week off Monday": ("weeks", f"UPDATE base.articles SET week = week + 1 WHERE {ONE}"),
}
NOTHING = "articles = 0, mentions = 0, stories = 0, sources = 0, share = 0"
MART_FAULTS = {
    "a share beyond one": ("shares", "UPDATE mart.weekly_mentions SET share = 1.2 WHERE entity_id = 'KHM'"),
    "more stories than articles": ("shares", "UPDATE mart.weekly_mentions SET stories = 99 WHERE entity_id = 'KHM'"),
    "an interval beside its share": ("shares", "UPDATE mart.weekly_trends SET share_low = 0.99 WHERE entity_id = 'un'"),
    "a mention that no mart has": ("marts_agree", f"DELETE FROM mart.article_entities WHERE {ONE}"),
    "a week forgotten": ("marts_agree", f"UPDATE mart.weekly_mentions SET {NOTHING} WHERE week = '2026-11-09'"),
    "another denominator": ("marts_agree", "UPDATE mart.weekly_mentions SET observed_articles = 99"),
}


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A folder with a published archive, closed."""
    folder = tmp_path_factory.mktemp("published")
    with made.open_warehouse(folder) as opened:
        feeds, items = made.archive(weeks=3)
        made.store(opened, feeds, items, bands={i.article_id: signature_bands(i.text) for i in items})
        marts.refresh(opened)
        assert marts.check(opened) == []
        publish.publish(opened, made.NOW)
    return folder


@pytest.fixture
def warehouse(published, tmp_path):
    """A copy of it to work on."""
    with made.open_warehouse(shutil.copytree(published, tmp_path / "data", symlinks=True)) as opened:
        yield opened


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_tables_stops_the_publish(warehouse, fault):
    name, statement = FAULTS[fault]
    warehouse.connection.execute(statement)
    warehouse.connection.execute("UPDATE base.data_version SET version = version + 1")
    with pytest.raises(CheckFailedError, match=f"{name}: ") as failed:
        build_and_publish(warehouse, made.NOW)
    assert failed.value.exit_code == 5
    assert "failed, nothing was published and the last good copy stays" in str(failed.value)
    assert "datetime" not in str(failed.value)
    assert (warehouse.data / "monitor.duckdb").resolve().name == "monitor-1.duckdb"


@pytest.mark.parametrize("fault", MART_FAULTS)
def test_a_fault_in_the_marts_is_found(warehouse, fault):
    name, statement = MART_FAULTS[fault]
    warehouse.connection.execute(statement)
    assert name in {failure.name for failure in marts.check(warehouse)}


NEW = f"article_id = {made.number('https://source1.example/new')}"
LATE = "(SELECT max(polled_at) FROM base.windows)"
NEW_FAULTS = {
    "an article twice": f"INSERT INTO base.articles SELECT * FROM base.articles WHERE {NEW}",
    "an old article's address": "UPDATE base.articles SET canonical_url = (SELECT max(canonical_url) FROM base.articles"
    f" WHERE feed_id = 'source0') WHERE {NEW}",
    "a text twice": f"INSERT INTO base.article_texts SELECT * FROM base.article_texts WHERE {NEW}",
    "an entry twice": f"INSERT INTO base.entries SELECT * FROM base.entries WHERE {NEW}",
    "a poll twice": f"INSERT INTO base.windows SELECT * FROM base.windows WHERE polled_at = {LATE} LIMIT 1",
    "a mention of no article": f"UPDATE base.mentions SET article_id = 1 WHERE {NEW}",
    "an article that vanished": f"DELETE FROM base.articles WHERE {NEW}",
    "a mention of no entity": "DELETE FROM base.entities WHERE entity_id = 'THA'",
    "a mention in another week": f"UPDATE base.mentions SET week = week - 7 WHERE {NEW}",
    "a text in another week": f"UPDATE base.article_texts SET week = week - 7 WHERE {NEW}",
    "an article of no feed": f"UPDATE base.articles SET feed_id = 'nobody' WHERE {NEW}",
    "an article in another week": f"UPDATE base.articles SET week = week - 7 WHERE {NEW}",
    "an article of no story": f"UPDATE base.articles SET story_id = 1 WHERE {NEW}",
    "an entry of no article": f"UPDATE base.entries SET article_id = 1 WHERE {NEW}",
    "another span": f"UPDATE base.mentions SET char_start = 0, char_end = 1 WHERE {NEW}",
    "another title": f"UPDATE base.articles SET title = 'Thailand' WHERE {NEW}",
    "a text lost": f"DELETE FROM base.article_texts WHERE {NEW}",
    "a mention twice": f"INSERT INTO base.mentions SELECT * FROM base.mentions WHERE {NEW} LIMIT 1",
    "a mention that no mart has": f"DELETE FROM mart.article_entities WHERE {NEW}",
    "a week that the marts forgot": f"DELETE FROM mart.article_entities WHERE {NEW}; DELETE FROM changed_weeks",
    "an undated article of no feed": "UPDATE base.articles SET feed_id = 'nobody' WHERE week IS NULL",
    "an undated mention of another span": "UPDATE base.mentions SET char_start = 0, char_end = 1 WHERE week IS NULL",
    "an undated text lost": "DELETE FROM base.article_texts WHERE week IS NULL",
}


@pytest.fixture(scope="module")
def grown(published, tmp_path_factory):
    """A copy with new articles that no mart has yet: one of an old week, one undated, one of this week."""
    folder = shutil.copytree(published, tmp_path_factory.mktemp("grown") / "data", symlinks=True)
    later = made.NOW + timedelta(minutes=30)
    said = "Thailand and Cambodia spoke of ASEAN while rivers ran low."
    days = {"new": "2026-10-14", "undated": None, "this-week": "2026-11-17"}
    items = [made.article("source1", key, day, said, "On Cambodia") for key, day in days.items()]
    polls = [made.poll("source1", items, later)]
    feeds, _ = made.archive(weeks=3)
    with made.open_warehouse(folder) as opened:
        made.store(opened, feeds, items, polls=polls, run_id="r2", now=later)
    return folder


@pytest.mark.parametrize("fault", [None, *NEW_FAULTS])
def test_checks_of_what_changed_find_each_fault_in_it(grown, tmp_path, fault):
    with made.open_warehouse(shutil.copytree(grown, tmp_path / "data", symlinks=True)) as warehouse:
        assert marts.refresh(warehouse)
        if fault:
            warehouse.connection.execute(NEW_FAULTS[fault])
        changed = {failure.name for failure in marts.check(warehouse, changed=True)}
        everything = {failure.name for failure in marts.check(warehouse)}
    assert changed <= everything
    assert bool(changed) == bool(everything) == bool(fault)


def test_every_check_has_a_fault_that_it_is_for():
    assert {path.stem for path in sql_files("checks")} == {
        name for name, _ in [*FAULTS.values(), *MART_FAULTS.values()]
    }
