"""The warehouse at a million articles and twenty million mentions over five years: CPU time of what analysts ask.

Entities are skewed (the first stands in a third of the articles, the four hundredth in one of thousands); the rows are
made by SQL, the batch that is loaded by the store itself. Beside it SQLite answers from the same rows, indexed.
"""

# ruff: noqa: S608  the words put into these statements are this script's own

import argparse
import json
import os
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from _made_archive import NOW, a_batch, made  # noqa: E402

from monitor import marts, publish  # noqa: E402
from monitor.queries import open_archive  # noqa: E402
from monitor.store import Warehouse  # noqa: E402


def cpu(work, times=5):
    """Median CPU milliseconds of all threads, after one call to warm up."""
    work()
    spent = []
    for _ in range(times):
        began = time.process_time()
        work()
        spent.append(1000 * (time.process_time() - began))
    return statistics.median(spent)


def once(work):
    began = time.process_time()
    work()
    return 1000 * (time.process_time() - began)


def say(name, value, unit, limit=None, better="lower", **more):
    print(
        json.dumps({"name": name, "value": value, "unit": unit, "better": better, "limit": limit, **more}), flush=True
    )


def sizes(path, con, articles):
    """Bytes an article in all tables but the texts: blocks in use, less those of the texts."""
    con.execute("CHECKPOINT")
    texts = con.execute(
        "SELECT count(DISTINCT block_id) FROM pragma_storage_info('base.article_texts') WHERE block_id >= 0"
    ).fetchone()[0]
    used, block = con.execute(
        "SELECT used_blocks, block_size FROM pragma_database_size() WHERE used_blocks > 0"
    ).fetchone()
    say("bytes an article, texts apart", (used - texts) * block / articles, "B", 1000)
    say("bytes an article, texts (of 1 kB)", texts * block / articles, "B")


def timed_writes(warehouse, limit):
    say("full build of all marts", once(lambda: marts.build(warehouse)) / 1000, "s CPU", limit(20))
    weeks = [date(2026, 11, 9), date(2026, 11, 16)]
    say("refresh of two weeks", cpu(lambda: marts.refresh(warehouse, weeks), 3), "ms CPU", limit(500))
    loads = []
    for key in range(3):
        work = a_batch(10_000, key)
        loads.append(once(lambda work=work: warehouse.load(work)))
    say("load 10,000 articles with 200,000 mentions", statistics.median(loads) / 1000, "s CPU", 1.5)
    marts.refresh(warehouse)


def timed_publish(warehouse):
    warehouse.connection.execute("UPDATE base.data_version SET version = version + 1")
    warehouse.connection.execute("CHECKPOINT")
    live, plain = warehouse.data / "warehouse.duckdb", warehouse.data / "plain"
    ratios = []
    for _ in range(3):
        began = time.perf_counter()
        with live.open("rb") as source, plain.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
            os.fsync(target.fileno())
        copied = time.perf_counter() - began
        plain.unlink()
        warehouse.connection.execute("UPDATE base.data_version SET version = version + 1")
        began = time.perf_counter()
        publish.publish(warehouse, NOW)
        ratios.append((time.perf_counter() - began) / copied)
    say("publish against a plain copy with fsync", statistics.median(ratios), "times", 1.5, ratio=True, noise=0.3)


def timed_reads(archive, limit):
    week = date(2026, 10, 12)
    detail = "SELECT week, count(*) FROM article_entities WHERE entity_id = 'E000' GROUP BY week ORDER BY week"
    trend = "SELECT * FROM mart.weekly_trends WHERE entity_id = 'E005' ORDER BY week"
    say("one entity's trend from the mart", cpu(lambda: archive.sql(trend)), "ms CPU", limit(5))
    say("the same by name through the macro", cpu(lambda: archive.sql("FROM trend('Entity 5')")), "ms CPU")
    say("one entity's weeks from article_entities", cpu(lambda: archive.sql(detail)), "ms CPU", limit(25))
    every = "SELECT week, entity_id, articles, share FROM weekly_mentions ORDER BY entity_id, week"
    say("all entities by all weeks", cpu(lambda: archive.sql(every)), "ms CPU", limit(120))
    counted = "SELECT week, entity_id, count(*) FROM article_entities GROUP BY week, entity_id ORDER BY entity_id, week"
    say("the same from article_entities", cpu(lambda: archive.sql(counted)), "ms CPU", limit(120))
    say("co-mentions of one entity", cpu(lambda: archive.partners("E005", None)), "ms CPU", limit(60))
    say("evidence of one point", cpu(lambda: archive.evidence("E060", week)), "ms CPU", limit(15))
    say("a trend within a source type", cpu(lambda: archive.trend("E005", source_type="news")), "ms CPU")
    for what, ask in IN_PARTS.items():
        say(f"{what} within a source type", cpu(lambda ask=ask: archive.sql(ask), 3), "ms CPU", limit(2000))
    say("words in all texts", cpu(lambda: archive.phrase("w123"), 3), "ms CPU", limit(2000))
    say("the newest articles with the words", cpu(lambda: archive.search("w123"), 3), "ms CPU", limit(2000))


IN_PARTS = {
    "the pair of the two most named": "FROM pair_within('E000', 'E001', source_type := 'news')",
    "partners of the most named": "FROM partners_within('E000', source_type := 'news')",
    "a bloc": "FROM bloc_within('E260', source_type := 'news')",
    "the matched panel of the most named": "FROM panel_within('E000', source_type := 'news')",
    "sources counting alike, of the most named,": "FROM source_equal_within('E000', source_type := 'news')",
    "the open week": "FROM week_to_date_within(source_type := 'news')",
}


def sqlite_of(archive, folder):
    """The rows of article_entities in SQLite with the index that both questions call for."""
    rows = archive.sql("SELECT week::VARCHAR AS week, entity_id, article_id, mentions FROM article_entities")
    lite = sqlite3.connect(folder / "peer.sqlite")
    lite.execute("CREATE TABLE article_entities (week TEXT, entity_id TEXT, article_id INTEGER, mentions INTEGER)")
    lite.executemany("INSERT INTO article_entities VALUES (?, ?, ?, ?)", rows.iter_rows())
    lite.execute("CREATE INDEX by_entity ON article_entities (entity_id, week)")
    lite.execute("ANALYZE")
    lite.commit()
    return lite


ASKED = {
    "one entity (E000)": ("week", "WHERE entity_id = 'E000'", 2),
    "one entity (E005)": ("week", "WHERE entity_id = 'E005'", 2),
    "all by all": ("week, entity_id", "", 10),
}


def against_sqlite(archive, folder):
    """Articles and mentions by week, of a name in a third of the articles, of one in fifty, and of all.

    Ours come from the weekly mart, which is made for it and held to the limit, and beside it from the rows that SQLite
    has. Then SQLite gets an index that covers the questions, as one makes who knows them beforehand.
    """
    lite = sqlite_of(archive, folder)
    beside(lite, archive, "SQLite")
    lite.execute("CREATE INDEX covering ON article_entities (entity_id, week, mentions)")
    lite.execute("ANALYZE")
    beside(lite, archive, "SQLite with a covering index")


def beside(lite, archive, peer):
    for what, (keys, where, least) in ASKED.items():
        counts = "count(*) AS articles, sum(mentions) AS mentions"
        rows = f"SELECT {keys}, {counts} FROM article_entities {where} GROUP BY {keys} ORDER BY {keys}"
        ready = f"SELECT {keys}, articles, mentions FROM weekly_mentions {where} ORDER BY {keys}"
        theirs = cpu(lambda q=rows: lite.execute(q).fetchall(), 3)
        for source, query, limit in (("the mart", ready, least), ("the same rows", rows, None)):
            ours = cpu(lambda q=query: archive.sql(q))
            say(f"CPU of {peer} against ours from {source}, {what}", theirs / ours, "times", limit, "higher",
                ratio=True, noise=0.4, peer=f"SQLite {theirs:.0f} ms, ours {ours:.1f} ms")  # fmt: skip


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--quick", action="store_true", help="a tenth of the rows, without the limits that need all")
    ask.add_argument("--articles", type=int)
    ask.add_argument("--keep", type=Path, help="keep the archive in this folder and measure a copy of it")
    given = ask.parse_args()
    articles = given.articles or (100_000 if given.quick else 1_000_000)
    limit = (lambda value: value) if articles == 1_000_000 else (lambda value: None)
    folder = Path(tempfile.mkdtemp(prefix="warehouse-bench-"))
    try:
        if given.keep:
            shutil.copyfile(made(given.keep, articles), folder / "warehouse.duckdb")
        else:
            made(folder, articles)
        with Warehouse.open(folder, lambda: NOW) as warehouse:
            timed_writes(warehouse, limit)
            sizes(folder, warehouse.connection, articles)
            timed_publish(warehouse)
        with open_archive(folder) as archive:
            timed_reads(archive, limit)
            against_sqlite(archive, folder)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
