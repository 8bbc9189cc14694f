# ruff: noqa: F811  # a fixture is imported by its name
"""Entries wait for their pages, and articles are stored once, however often they come."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.batch import Batch, EntryOutcome
from tests.sql import made
from tests.unit.small_warehouse import TEXT, one_article, rows, warehouse  # noqa: F401  # fixture


def test_a_polled_entry_waits_until_its_article_is_loaded(warehouse):
    item = one_article()
    warehouse.sync_feeds([made.feed("alpha", timezone="Asia/Bangkok")])
    assert warehouse.save_polls("r1", [made.poll("alpha", [item], first=True)], made.NOW) == 1
    [waiting] = warehouse.pending(made.NOW)
    assert waiting.entry == made.entry_of(item)
    assert (waiting.publisher, waiting.zone, waiting.is_first_poll) == ("alpha", "Asia/Bangkok", True)
    counts = warehouse.load(made.batch([item]))
    assert (counts.articles, counts.mentions, counts.stored) == (1, 4, 1)
    assert warehouse.pending(made.NOW) == []
    assert warehouse.existing_articles([item.article_id, 5]) == {item.article_id: item.article_id}
    assert rows(warehouse, "SELECT count(*) FROM base.entry_payloads") == [(0,)]


def test_polling_and_loading_again_changes_nothing(warehouse):
    item = one_article()
    warehouse.sync_feeds([made.feed("alpha")])
    for _ in range(2):
        warehouse.save_polls("r1", [made.poll("alpha", [item, item])], made.NOW)
        warehouse.load(made.batch([item], bands={item.article_id: [(0, 7)]}, lines={item.article_id: [1, 1]}))
    for table in ("entries", "articles", "article_texts", "fetches", "windows", "signatures", "article_lines"):
        assert rows(warehouse, f"SELECT count(*) FROM base.{table}") == [(1,)], table
    assert rows(warehouse, "SELECT outcome, article_id FROM base.entries") == [("stored", item.article_id)]
    assert rows(warehouse, "SELECT count(*) FROM base.mentions") == [(4,)]


def test_a_better_article_replaces_metadata_and_keeps_when_it_was_first_seen(warehouse):
    full = one_article()
    poor = replace(full, status="metadata", reason="timeout", text="", word_count=0)
    later = replace(full, first_seen_at=full.first_seen_at + timedelta(days=3))
    warehouse.sync_feeds([made.feed("alpha")])
    warehouse.save_polls("r1", [made.poll("alpha", [poor])], made.NOW)
    retry = EntryOutcome("alpha", f"{full.article_id:x}", "failed", "timeout", full.article_id, 1, made.NOW)
    warehouse.load(Batch("r1", articles=(poor,), outcomes=(retry,)))
    assert warehouse.pending(made.NOW - timedelta(hours=1)) == []
    assert len(warehouse.pending(made.NOW - timedelta(hours=1), all_=True)) == 1
    assert warehouse.pending(made.NOW)[0].attempts == 1
    counts = warehouse.load(made.batch([later]))
    assert (counts.replaced, counts.stored) == (1, 1)
    assert rows(warehouse, "SELECT status, first_seen_at FROM base.articles") == [("full", full.first_seen_at)]
    worse = warehouse.load(made.batch([poor]))
    assert worse.articles == 0


def test_metadata_that_stays_metadata_is_no_duplicate_of_itself(warehouse):
    poor = one_article(status="metadata", reason="http_404")
    warehouse.sync_feeds([made.feed("alpha")])
    warehouse.save_polls("r1", [made.poll("alpha", [poor])], made.NOW)
    retry = EntryOutcome("alpha", f"{poor.article_id:x}", "failed", "timeout", poor.article_id, 1, made.NOW)
    warehouse.load(Batch("r1", articles=(poor,), outcomes=(retry,)))
    assert warehouse.load(made.batch([poor])).stored == 1


def test_a_second_entry_of_an_article_is_its_duplicate(warehouse):
    item = one_article()
    warehouse.sync_feeds([made.feed("alpha"), made.feed("beta")])
    copy = replace(made.poll("beta"), entries=(made.entry_of(item, "other", "beta"),))
    warehouse.save_polls("r1", [made.poll("alpha", [item]), copy], made.NOW)
    second = EntryOutcome("beta", "other", "stored", None, item.article_id, 1)
    work = made.batch([item])
    counts = warehouse.load(replace(work, outcomes=(*work.outcomes, second)))
    assert (counts.stored, counts.duplicate) == (1, 1)
    assert ("duplicate", item.article_id) in rows(warehouse, "SELECT outcome, article_id FROM base.entries")


def test_a_retry_planned_by_a_clock_that_was_set_back_is_not_waited_for(warehouse):
    items = [made.article("alpha", str(k), "2026-11-18", TEXT) for k in range(2)]
    warehouse.sync_feeds([made.feed("alpha")])
    warehouse.save_polls("r1", [made.poll("alpha", items)], made.NOW)
    failed = [
        EntryOutcome("alpha", f"{item.article_id:x}", "failed", "timeout", None, 1, made.NOW + timedelta(days=days))
        for item, days in zip(items, (2, 400), strict=True)
    ]
    warehouse.load(replace(made.batch([]), outcomes=tuple(failed)))
    assert [p.entry.article_id for p in warehouse.pending(made.NOW, all_=False)] == [items[1].article_id]


def test_a_run_accounts_for_every_entry(warehouse):
    items = [made.article("alpha", str(k), "2026-11-18", TEXT) for k in range(4)]
    warehouse.sync_feeds([made.feed("alpha")])
    warehouse.start_run("r1", made.NOW)
    refused = replace(made.entry_of(items[3]), refused="not http")
    polled = made.poll("alpha", items[:3])
    warehouse.save_polls("r1", [replace(polled, entries=(*polled.entries, refused))], made.NOW)
    failed = EntryOutcome("alpha", f"{items[1].article_id:x}", "failed", "http_404", None, 1)
    warehouse.load(replace(made.batch(items[:1]), outcomes=(*made.batch(items[:1]).outcomes, failed)))
    counts = warehouse.finish_run("r1", made.NOW, "completed", {"articles": 1, "feeds_due": 1})
    found = {k: counts[k] for k in ("discovered", "stored", "refused", "failed", "pending", "duplicate")}
    assert found == {"discovered": 4, "stored": 1, "refused": 1, "failed": 1, "pending": 1, "duplicate": 0}
    assert counts["discovered"] == sum(counts[k] for k in ("stored", "duplicate", "refused", "failed", "pending"))
    assert len(warehouse.pending(made.NOW, all_=True)) == 1  # a final failure is not asked for again


def test_forgotten_links_are_refused(warehouse):
    item = one_article()
    warehouse.sync_feeds([made.feed("alpha")])
    warehouse.connection.execute(
        "INSERT INTO base.tombstones VALUES ('url', ?, NULL, ?)", [item.canonical_url, made.NOW]
    )
    warehouse.save_polls("r1", [made.poll("alpha", [item])], made.NOW)
    assert rows(warehouse, "SELECT outcome, reason FROM base.entries") == [("refused", "forgotten")]


def test_a_failed_write_leaves_nothing_behind(warehouse):
    item = one_article()
    warehouse.sync_feeds([made.feed("alpha")])
    warehouse.save_polls("r1", [made.poll("alpha", [item])], made.NOW)
    bad = made.batch([item])
    broken = replace(bad, articles=(replace(item, canonical_url=None),))
    with pytest.raises(Exception, match="NOT NULL"):
        warehouse.load(broken)
    assert rows(warehouse, "SELECT count(*) FROM base.article_texts") == [(0,)]
    assert warehouse.load(bad).articles == 1
