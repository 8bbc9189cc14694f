import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import duckdb
import pytest

from monitor.batch import Batch, EntryOutcome
from monitor.errors import DataFolderError, LockedError, SchemaVersionError
from monitor.records import Feed, Mention
from monitor.store import Warehouse
from monitor.store.sentences import sentence_spans
from tests.sql import made

TEXT = "Cambodia and Thailand met. Dr. Smith of ASEAN said no. China stayed away."


@pytest.fixture
def warehouse(tmp_path):
    with made.open_warehouse(tmp_path) as opened:
        yield opened


def rows(warehouse, sql):
    return warehouse.connection.execute(sql).fetchall()


def one_article(**more):
    return made.article("alpha", "1", "2026-11-18", more.pop("text", TEXT), **more)


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


def test_every_span_says_its_surface_and_its_sentence(warehouse):
    item = one_article(title="ASEAN meets")
    made.store(warehouse, [made.feed("alpha")], [item])
    found = rows(
        warehouse,
        "SELECT field, surface, char_start, char_end, sentence_start, sentence_end FROM base.mentions ORDER BY ALL",
    )
    assert len(found) == 5
    sentences = set()
    for field, surface, start, end, first, last in found:
        source = item.title if field == "title" else item.text
        assert source[start:end] == surface
        sentences.add(source[first:last])
    assert sentences == {
        "ASEAN meets", "Cambodia and Thailand met.", "Dr. Smith of ASEAN said no.", "China stayed away."
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name", "sentence"),
    [
        ("The U.S. Senate met China. Then it left.", "China", "The U.S. Senate met China."),
        ("He said: “China won.” Then he left.", "China", "He said: “China won.”"),
        ("中国和柬埔寨会谈。泰国没有参加。", "泰国", "泰国没有参加。"),
        ("A heading on China\nA line on trade", "China", "A heading on China"),
        ("It grew 3.5 per cent in China alone", "China", "It grew 3.5 per cent in China alone"),
        ("Is it? (Yes!) China won… Then, “No.”", "China", "China won…"),
        ("Mr. A. Ж. É. Prof. China won. A man left.", "China", "Mr. A. Ж. É. Prof. China won."),
        ("In 2020 г. China won vs. Xmr. Man.", "China", "China won vs. Xmr."),
    ],
)
def test_sentences(text, name, sentence):
    start = text.index(name)
    [(first, last)] = sentence_spans(text, [(start, start + len(name))])
    assert text[first:last] == sentence


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


def test_feed_states_come_back_as_they_were(warehouse):
    polled = made.poll("alpha")
    state = replace(polled.state, etag='W/"x"', moved_seen=2, moved_first_at=made.NOW, interval=900)
    warehouse.sync_feeds([made.feed("alpha")])
    warehouse.save_polls("r1", [replace(polled, state=state)], made.NOW)
    assert warehouse.feed_states() == {"alpha": state}


def test_a_feed_that_is_no_longer_declared_is_retired_and_may_return(warehouse):
    alpha, beta = made.feed("alpha"), made.feed("beta")
    assert warehouse.sync_feeds([alpha, beta])
    assert not warehouse.sync_feeds([beta, alpha])
    assert warehouse.sync_feeds([alpha])
    assert rows(warehouse, "SELECT feed_id, retired_at IS NULL FROM base.feeds ORDER BY 1") == [
        ("alpha", True), ("beta", False)
    ]  # fmt: skip
    assert warehouse.sync_feeds([alpha, beta])
    assert rows(warehouse, "SELECT count(*) FROM base.feeds WHERE retired_at IS NULL") == [(2,)]


def test_a_declared_url_that_changes_forgets_the_old_one_s_validators(warehouse):
    alpha = made.feed("alpha")
    warehouse.sync_feeds([alpha])
    polled = made.poll("alpha")
    warehouse.save_polls("r1", [replace(polled, state=replace(polled.state, etag="x"))], made.NOW)
    warehouse.sync_feeds([replace(alpha, url="https://alpha.example/new")])
    assert warehouse.feed_states() == {}


def test_an_organisation_that_only_its_shape_found_becomes_an_unlisted_entity(warehouse):
    item = one_article(text="The Mekong Rice Council met.")
    found = Mention("x-mekong-rice-council", "organisation", "name", "Mekong Rice Council", "text", "lead", True, 4, 23,
                    "Mekong Rice Council", listed=False, name="Mekong Rice Council")  # fmt: skip
    made.store(warehouse, [made.feed("alpha")], [item], mentions={item.article_id: (found,)})
    assert rows(warehouse, "SELECT name, listed FROM base.entities WHERE entity_id = 'x-mekong-rice-council'") == [
        ("Mekong Rice Council", False)
    ]
    warehouse.sync_gazetteer(made.Gazetteer(version="g2"))
    assert rows(warehouse, "SELECT count(*) FROM base.entities WHERE NOT listed") == [(1,)]
    assert not warehouse.sync_gazetteer(made.Gazetteer(version="g2"))


def test_forgotten_links_are_refused(warehouse):
    item = one_article()
    warehouse.sync_feeds([made.feed("alpha")])
    warehouse.connection.execute(
        "INSERT INTO base.tombstones VALUES ('url', ?, NULL, ?)", [item.canonical_url, made.NOW]
    )
    warehouse.save_polls("r1", [made.poll("alpha", [item])], made.NOW)
    assert rows(warehouse, "SELECT outcome, reason FROM base.entries") == [("refused", "forgotten")]


def test_a_poll_marks_the_weeks_whose_coverage_it_changes(warehouse):
    warehouse.sync_feeds([made.feed("alpha")])
    first = made.poll("alpha", polled=made.at("2026-11-05"), oldest=made.at("2026-10-20"), first=True)
    warehouse.save_polls("r1", [first], made.NOW)
    assert [str(w) for w in warehouse.dirty_weeks()] == ["2026-10-19", "2026-10-26", "2026-11-02"]
    warehouse.connection.execute("DELETE FROM base.dirty_weeks")
    second = made.poll("alpha", polled=made.at("2026-11-10"), oldest=made.at("2026-10-20"))
    warehouse.save_polls("r1", [second], made.NOW)
    assert [str(w) for w in warehouse.dirty_weeks()] == ["2026-11-02", "2026-11-09"]


def test_one_writer_at_a_time(tmp_path):
    with made.open_warehouse(tmp_path), pytest.raises(LockedError):
        made.open_warehouse(tmp_path)
    code = (
        "import sys, pathlib; from monitor.store import Warehouse; from datetime import datetime, UTC\n"
        "with Warehouse.open(pathlib.Path(sys.argv[1]), lambda: datetime(2026, 1, 1, tzinfo=UTC)):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(LockedError, match=f"pid {other.pid}"):
            made.open_warehouse(tmp_path)
        other.kill()
        other.wait()
    made.open_warehouse(tmp_path).close()


def test_a_killed_writer_whose_worker_lives_on_blocks_nobody(tmp_path):
    code = (
        "import os, sys, time, pathlib; from monitor.store import Warehouse; from datetime import datetime, UTC\n"
        "Warehouse.open(pathlib.Path(sys.argv[1]), lambda: datetime(2026, 1, 1, tzinfo=UTC))\n"
        "if os.fork() == 0:\n    time.sleep(5); os._exit(0)\n"
        "print('held', flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.DEVNULL, check=False, timeout=60
    )
    assert done.returncode == -9
    made.open_warehouse(tmp_path).close()


def test_a_lock_file_left_behind_is_void(tmp_path):
    (tmp_path / "warehouse.lock").write_text(f"pid {os.getpid()}, started 1\n")
    made.open_warehouse(tmp_path).close()


@pytest.mark.parametrize("content", [b"", b"not a database at all " * 2000, b"short"])
def test_a_foreign_file_is_never_overwritten(tmp_path, content):
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(content)
    with pytest.raises(SchemaVersionError, match=r"warehouse\.duckdb"):
        made.open_warehouse(tmp_path)
    assert path.read_bytes() == content


def test_a_truncated_warehouse_is_never_overwritten(tmp_path):
    with made.open_warehouse(tmp_path) as opened:
        made.store(opened, *made.archive(weeks=3))
    path = tmp_path / "warehouse.duckdb"
    cut = path.read_bytes()[: path.stat().st_size // 2]
    path.write_bytes(cut)
    with pytest.raises(SchemaVersionError):
        made.open_warehouse(tmp_path)
    assert path.read_bytes() == cut


def test_another_program_s_database_is_left_alone(tmp_path):
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        con.execute("CREATE TABLE mine (x INTEGER)")
    with pytest.raises(SchemaVersionError, match="not a warehouse of this program"):
        made.open_warehouse(tmp_path)


def test_a_newer_schema_is_refused(tmp_path):
    with made.open_warehouse(tmp_path) as opened:
        opened.connection.execute("INSERT INTO base.schema_migrations VALUES (999, 'x', 'x', now())")
    with pytest.raises(SchemaVersionError, match="schema 999"):
        made.open_warehouse(tmp_path)


def test_a_changed_migration_is_refused(tmp_path):
    with made.open_warehouse(tmp_path) as opened:
        opened.connection.execute("UPDATE base.schema_migrations SET digest = 'x' WHERE number = 1")
    with pytest.raises(SchemaVersionError, match="001_base"):
        made.open_warehouse(tmp_path)


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(DataFolderError):
        Warehouse.open(tmp_path / "file" / "data", lambda: made.NOW)


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


def test_feeds_keep_all_that_is_declared(warehouse):
    declared = Feed("a", "A", "https://a.example", "pub", "news", "asia", "en", ("x", "y"), False, True, "Asia/Tokyo")
    warehouse.sync_feeds([declared])
    [row] = warehouse.frame("SELECT * EXCLUDE (declared_at, retired_at) FROM base.feeds").to_dicts()
    assert Feed(**(row | {"collections": tuple(row["collections"])})) == declared
