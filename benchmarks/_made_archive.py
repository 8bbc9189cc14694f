"""An archive of any size made by SQL, and batches for it: what an article is follows from its number."""

# ruff: noqa: S608  the numbers put into these statements are these scripts' own

import hashlib
import random
from datetime import UTC, date, datetime, timedelta

from monitor.batch import Batch, EntryOutcome
from monitor.records import Alias, Article, Entity, Feed, Mention
from monitor.store import Warehouse

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
    """Rows by SQL, table by table: what one article is follows from its number."""
    con.execute("SET preserve_insertion_order = true")
    con.execute(
        f"""CREATE TEMP TABLE made AS
        SELECT i, (hash(i) >> 1)::BIGINT AS article_id, 'f' || (hash(i, 7) % {FEEDS})::VARCHAR AS feed_id,
          DATE '{FIRST}' + (i * {WEEKS} * 7 // {articles})::INTEGER AS day
        FROM range({articles}) AS t(i)"""
    )
    _articles(con)
    _mentions(con)
    _likeness(con)
    _collection(con)
    con.execute("UPDATE base.data_version SET version = version + 1")
    con.execute("CHECKPOINT")


def _articles(con):
    """With texts of 160 words."""
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


def _mentions(con):
    """Twenty an article, of a few names that it returns to."""
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


def _likeness(con):
    """What copies and repeated lines are found by: here no article is like another."""
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


def _collection(con):
    """How they came: entries and fetches of the articles, and a poll of every feed each day."""
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


def made(folder, articles):
    """The archive before anything is measured, made when it is not yet there."""
    with Warehouse.open(folder, lambda: NOW) as warehouse:
        if not warehouse.connection.execute("SELECT count(*) FROM base.articles").fetchone()[0]:
            warehouse.sync_gazetteer(Made())
            warehouse.sync_feeds(feeds())
            fill(warehouse.connection, articles)
    return folder / "warehouse.duckdb"
