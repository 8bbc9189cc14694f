"""The warehouse at a million articles and twenty million mentions over five years: CPU time of what analysts ask.

Entities are skewed (the first stands in a third of the articles, the four hundredth in one of thousands); the rows are
made by SQL, the batch that is loaded by the store itself. Beside it SQLite answers from the same rows, indexed.
"""

# ruff: noqa: S608  the numbers put into these statements are this script's own

import argparse
import hashlib
import json
import os
import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from monitor import marts, publish  # noqa: E402
from monitor.batch import Batch, EntryOutcome  # noqa: E402
from monitor.queries import open_archive  # noqa: E402
from monitor.records import Alias, Article, Entity, Feed, Mention  # noqa: E402
from monitor.store import Warehouse  # noqa: E402

FIRST = date(2021, 11, 15)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WEEKS = 262
ENTITIES = 400
FEEDS = 300


class Made:
    """A gazetteer of numbered countries and organisations; 35 of them are blocs of ten members."""

    version = "bench"

    def __init__(self):
        self.entities = {
            f"E{n:03d}": Entity(f"E{n:03d}", "country" if n < 250 else "organisation", f"Entity {n}")
            for n in range(ENTITIES)
        }
        self.aliases = tuple(Alias(i, e.name) for i, e in self.entities.items())
        rng = random.Random(1)
        self.memberships = tuple(
            _Membership(f"E{member:03d}", f"E{bloc:03d}")
            for bloc in range(250, 285)
            for member in rng.sample(range(250), 10)
        )


class _Membership:
    def __init__(self, entity_id, bloc_id):
        self.entity_id, self.bloc_id, self.valid_from, self.valid_to = entity_id, bloc_id, None, None


def feeds():
    kinds = ("news", "commentary", "think-tank", "government")
    return [
        Feed(f"f{n}", f"Feed {n}", f"https://f{n}.example/rss", f"p{n % 200}", kinds[n % 4], "asia", "en", ("core",))
        for n in range(FEEDS)
    ]


WORDS = 7000
TEXT = """
  array_to_string(list_transform(range(160), lambda k: 'w' || (hash(i, k) % 7000)::VARCHAR
    || CASE WHEN k % 12 = 11 THEN '.' ELSE '' END), ' ')
"""


def fill(con, articles):
    """Rows by SQL: what one article is follows from its number."""
    con.execute("SET preserve_insertion_order = true")
    con.execute(
        f"""CREATE TEMP TABLE made AS
        SELECT i, (hash(i) >> 1)::BIGINT AS article_id, 'f' || (hash(i, 7) % {FEEDS})::VARCHAR AS feed_id,
          DATE '{FIRST}' + (i * {WEEKS} * 7 // {articles})::INTEGER AS day
        FROM range({articles}) AS t(i)"""
    )
    con.execute(
        """INSERT INTO base.articles BY NAME
        SELECT article_id, feed_id, url, url AS canonical_url, title,
          'Author ' || (hash(i, 3) % 3000)::VARCHAR AS author,
          day::TIMESTAMP AT TIME ZONE 'UTC' + INTERVAL (i % 86400) SECOND AS published_at, 'feed' AS published_from,
          published_at + INTERVAL 2 HOUR AS fetched_at, published_at + INTERVAL 1 HOUR AS first_seen_at,
          date_trunc('week', day)::DATE AS week, 'en' AS language, (400 + hash(i, 4) % 900)::INTEGER AS word_count,
          'full' AS status, article_id AS story_id, 't1' AS tagger_version, 'e1' AS extractor_version,
          false AS is_backfilled, 'r' || (i // 500)::VARCHAR AS run_id
        FROM (
          SELECT *,
            'https://' || feed_id || '.example/' || strftime(day, '%Y/%m/%d') || '/' || hash(i, 5)::VARCHAR AS url,
            'The word ' || (hash(i, 6) % 7000)::VARCHAR || ' on a matter of ' || (hash(i, 8) % 90000)::VARCHAR AS title
          FROM made
        ) ORDER BY i"""
    )
    con.execute(
        f"INSERT INTO base.article_texts SELECT article_id, date_trunc('week', day)::DATE, {TEXT} FROM made ORDER BY i"
    )
    con.execute(
        f"""INSERT INTO base.mentions BY NAME
        SELECT article_id, date_trunc('week', day)::DATE AS week, 'E' || lpad(n::VARCHAR, 3, '0') AS entity_id,
          CASE WHEN n < 250 THEN 'country' ELSE 'organisation' END AS kind,
          CASE WHEN k % 5 = 0 THEN 'demonym' ELSE 'name' END AS form, 'Entity ' || n::VARCHAR AS surface,
          CASE WHEN k = 0 THEN 'title' ELSE 'text' END AS field,
          CASE WHEN k = 0 THEN 'title' WHEN k < 4 THEN 'lead' ELSE 'body' END AS zone, true AS counted,
          (k * 45)::INTEGER AS char_start, (k * 45 + 8)::INTEGER AS char_end,
          (k // 2 * 90)::INTEGER AS sentence_start, (k // 2 * 90 + 85)::INTEGER AS sentence_end,
          (k // 2)::INTEGER AS sentence, surface AS alias
        FROM (SELECT *, (k + hash(i, 9)) % (4 + hash(i, 10) % 6) AS topic,
            least({ENTITIES - 1}, floor({ENTITIES} * pow((hash(i, 100 + topic) % 1000000) / 1e6, 4)))::INTEGER AS n
          FROM made, range(20) AS t(k)) ORDER BY i, k"""
    )
    con.execute(
        """INSERT INTO base.signatures BY NAME
        SELECT article_id, day, k::INTEGER AS band, (hash(i, 200 + k) % 4294967296)::BIGINT - 2147483648 AS hash
        FROM made, range(28) AS t(k) ORDER BY i, k"""
    )
    con.execute(
        """INSERT INTO base.article_lines BY NAME
        SELECT article_id, 'p' || (hash(i, 7) % 200)::VARCHAR AS publisher, (hash(i, 300 + k) >> 1)::BIGINT AS line_hash
        FROM made, range(12) AS t(k) ORDER BY i, k"""
    )
    con.execute(
        """INSERT INTO base.entries BY NAME
        SELECT a.feed_id, md5(a.article_id::VARCHAR) AS entry_id, a.run_id, a.url, a.canonical_url, a.title,
          a.published_at::VARCHAR AS published_raw, a.published_at, false AS date_only, a.first_seen_at,
          false AS is_first_poll, false AS is_backfilled, 'stored' AS outcome, a.article_id AS link_id, a.article_id,
          1 AS attempts
        FROM base.articles AS a"""
    )
    con.execute(
        """INSERT INTO base.fetches BY NAME
        SELECT run_id, 'page' AS kind, feed_id, url, fetched_at AS started_at, 0.2 AS seconds, 'ok' AS outcome,
          200 AS http_status, 50000 AS bytes FROM base.articles"""
    )
    con.execute(
        f"""INSERT INTO base.windows BY NAME
        SELECT 'f' || f::VARCHAR AS feed_id, 'r' || d::VARCHAR AS run_id,
          least((DATE '{FIRST}' + d::INTEGER + 1)::TIMESTAMP AT TIME ZONE 'UTC', TIMESTAMPTZ '{NOW}') AS polled_at,
          (DATE '{FIRST}' + greatest(0, d - 9)::INTEGER)::TIMESTAMP AT TIME ZONE 'UTC' AS oldest_entry_at,
          10 AS entries, 2 AS new_entries, d = 0 AS is_first
        FROM range({WEEKS * 7}) AS a(d), range({FEEDS}) AS b(f) ORDER BY d, f"""
    )
    con.execute("UPDATE base.data_version SET version = version + 1")
    con.execute("CHECKPOINT")


def a_batch(count, key):
    """Articles of the last week as the pipeline would hand them over: twenty mentions each."""
    rng = random.Random(key)
    articles, mentions, bands, lines, outcomes = [], {}, {}, {}, []
    for k in range(count):
        url = f"https://f{k % FEEDS}.example/{key}/{k}"
        number = int.from_bytes(hashlib.sha256(url.encode()).digest()[:8], "big", signed=True)
        text = ". ".join(" ".join(f"W{rng.randrange(WORDS)}" for _ in range(12)) for _ in range(14))
        day = NOW - timedelta(days=rng.randrange(5))
        articles.append(
            Article(
                number, f"f{k % FEEDS}", url, url, "A title of some words", None, day, "feed", NOW, NOW,
                date(2026, 11, 16), "en", 170, "full", None, text, tagger_version="t1", extractor_version="e1",
            )
        )  # fmt: skip
        mentions[number] = tuple(
            Mention(
                f"E{rng.randrange(60):03d}", "country", "name", text[p : p + 8], "text", "body", True, p, p + 8, "x"
            )
            for p in range(0, 800, 40)
        )
        bands[number] = [(b, rng.getrandbits(32) - 2**31) for b in range(28)]
        lines[number] = [rng.getrandbits(63) for _ in range(12)]
        outcomes.append(EntryOutcome(f"f{k % FEEDS}", f"{number:x}", "stored", None, number, 1))
    return Batch("bench", (), tuple(articles), mentions, bands, lines, tuple(outcomes))


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


def made(folder, articles):
    """The archive before anything is measured, made when it is not yet there."""
    with Warehouse.open(folder, lambda: NOW) as warehouse:
        if not warehouse.connection.execute("SELECT count(*) FROM base.articles").fetchone()[0]:
            warehouse.sync_gazetteer(Made())
            warehouse.sync_feeds(feeds())
            fill(warehouse.connection, articles)
    return folder / "warehouse.duckdb"


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
