"""Each fault that a check is for stops the publish, is named, and leaves the last good copy in place."""

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


@pytest.fixture
def warehouse(tmp_path):
    with made.open_warehouse(tmp_path) as opened:
        feeds, items = made.archive(weeks=3)
        made.store(opened, feeds, items, bands={i.article_id: signature_bands(i.text) for i in items})
        marts.refresh(opened)
        assert marts.check(opened) == []
        publish.publish(opened, made.NOW)
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


def test_every_check_has_a_fault_that_it_is_for():
    assert {path.stem for path in sql_files("checks")} == {
        name for name, _ in [*FAULTS.values(), *MART_FAULTS.values()]
    }
