-- about: an article or a source taken out for good, and the file written anew without it

-- name: article_of_url
-- an address names the article that has it, and the one that an entry with this link ended as
CREATE OR REPLACE TEMP TABLE forgotten_articles AS
SELECT article_id FROM base.articles WHERE canonical_url = $url OR url = $given
UNION
SELECT article_id FROM base.entries WHERE canonical_url = $url AND article_id IS NOT NULL;

-- name: no_feeds
CREATE OR REPLACE TEMP TABLE forgotten_feeds AS SELECT feed_id FROM base.feeds WHERE false;

-- name: feeds_of_source
CREATE OR REPLACE TEMP TABLE forgotten_feeds AS SELECT feed_id FROM base.feeds WHERE publisher = $source;

-- name: articles_of_feeds
CREATE OR REPLACE TEMP TABLE forgotten_articles AS
SELECT article_id FROM base.articles WHERE feed_id IN (SELECT feed_id FROM forgotten_feeds);

-- name: entries
-- every entry that leads to a forgotten article, whichever feed showed it
CREATE OR REPLACE TEMP TABLE forgotten_entries AS
SELECT feed_id, entry_id FROM base.entries
WHERE article_id IN (SELECT article_id FROM forgotten_articles) OR link_id IN (SELECT article_id FROM forgotten_articles)
  OR canonical_url = $url OR feed_id IN (SELECT feed_id FROM forgotten_feeds);

-- name: addresses
CREATE OR REPLACE TEMP TABLE forgotten_addresses AS
SELECT unnest([a.url, a.canonical_url]) AS url, a.canonical_url, a.feed_id
FROM base.articles AS a SEMI JOIN forgotten_articles USING (article_id)
UNION
SELECT unnest([e.url, e.canonical_url]), e.canonical_url, e.feed_id
FROM base.entries AS e SEMI JOIN forgotten_entries USING (feed_id, entry_id);

-- name: names
-- what only shape found is named by the text that goes, by the tagger of now or of another version
CREATE OR REPLACE TEMP TABLE forgotten_names AS
SELECT DISTINCT m.entity_id
FROM (
  SELECT article_id, entity_id FROM base.mentions
  UNION ALL
  SELECT article_id, entity_id FROM base.next_mentions
  UNION ALL
  SELECT article_id, entity_id FROM base.past_mentions
) AS m
SEMI JOIN forgotten_articles AS f ON f.article_id = m.article_id
JOIN base.entities AS e ON e.entity_id = m.entity_id WHERE NOT e.listed;

-- name: found
SELECT
  (SELECT count(*) FROM forgotten_articles)::INTEGER AS articles,
  (SELECT count(*) FROM forgotten_entries)::INTEGER AS entries,
  (SELECT count(*) FROM base.mentions SEMI JOIN forgotten_articles USING (article_id))::INTEGER AS mentions,
  (SELECT coalesce(list(feed_id ORDER BY feed_id), []) FROM forgotten_feeds) AS feeds,
  (SELECT coalesce(list(a.title ORDER BY a.title)[:3], []) FROM base.articles AS a SEMI JOIN forgotten_articles USING (article_id))
    AS titles;

-- name: copies
-- near-identical articles that stay
SELECT DISTINCT o.canonical_url FROM base.articles AS a
SEMI JOIN forgotten_articles AS f ON f.article_id = a.article_id
JOIN base.articles AS o ON o.story_id = a.story_id
ANTI JOIN forgotten_articles AS g ON g.article_id = o.article_id
ORDER BY o.canonical_url;

-- name: is_buried
SELECT count(*) > 0 FROM base.tombstones WHERE kind = $kind AND value = $value;

-- name: sources
SELECT publisher FROM base.feeds UNION SELECT value FROM base.tombstones WHERE kind = 'source' ORDER BY 1;

-- name: source_of_feed
SELECT publisher FROM base.feeds WHERE feed_id = $feed_id;

-- name: forgotten_sources
SELECT value FROM base.tombstones WHERE kind = 'source';

-- name: bury
INSERT INTO base.tombstones BY NAME
SELECT $kind AS kind, $value AS value, $reason AS reason, $now AS forgotten_at
WHERE NOT EXISTS (SELECT 1 FROM base.tombstones AS t WHERE t.kind = $kind AND t.value = $value);

-- name: bury_addresses
-- the other ways that led there; what a forgotten source's own feeds showed is covered by the source itself
INSERT INTO base.tombstones BY NAME
SELECT 'url' AS kind, a.value, $reason AS reason, $now AS forgotten_at
FROM (
  SELECT DISTINCT canonical_url AS value FROM forgotten_addresses
  WHERE canonical_url IS NOT NULL AND feed_id NOT IN (SELECT feed_id FROM forgotten_feeds)
) AS a
ANTI JOIN base.tombstones AS t ON t.kind = 'url' AND t.value = a.value
ORDER BY a.value;

-- name: attempts
-- the attempt stays counted, its address goes
UPDATE base.fetches
SET url = 'forgotten', error = NULL,
  feed_id = CASE WHEN feed_id IN (SELECT feed_id FROM forgotten_feeds) THEN NULL ELSE feed_id END
WHERE url IN (SELECT url FROM forgotten_addresses) OR feed_id IN (SELECT feed_id FROM forgotten_feeds);

-- name: entries_emptied
-- the row stays, so that its run's sum holds and the feed's next copy of it is no new entry; what it said goes
UPDATE base.entries AS e
SET outcome = 'refused', reason = 'forgotten', title = '', url = NULL, canonical_url = NULL, published_raw = NULL,
  published_at = NULL, date_only = false, link_id = NULL, article_id = NULL, next_attempt_at = NULL
FROM forgotten_entries AS f WHERE f.feed_id = e.feed_id AND f.entry_id = e.entry_id;

-- name: payloads
DELETE FROM base.entry_payloads AS p USING forgotten_entries AS f
WHERE p.feed_id = f.feed_id AND p.entry_id = f.entry_id;

-- name: tables_of_articles
-- every base table whose rows belong to an article, those of later migrations too
SELECT table_name FROM duckdb_columns()
WHERE database_name = current_database() AND schema_name = 'base' AND column_name = 'article_id' AND table_name <> 'entries'
ORDER BY table_name;

-- name: drop_rows
DELETE FROM base.this_table WHERE article_id IN (SELECT article_id FROM forgotten_articles);

-- name: stories
-- a story is named after its first article: the next one gives its id
UPDATE base.articles AS a SET story_id = s.first_id
FROM (
  SELECT story_id, arg_min(article_id, (coalesce(published_at, first_seen_at), article_id)) AS first_id
  FROM base.articles WHERE story_id IN (SELECT article_id FROM forgotten_articles) GROUP BY story_id
) AS s
WHERE a.story_id = s.story_id;

-- name: entities
DELETE FROM base.entities
WHERE entity_id IN (SELECT entity_id FROM forgotten_names) AND entity_id NOT IN (SELECT entity_id FROM base.mentions)
  AND entity_id NOT IN (SELECT entity_id FROM base.next_mentions) AND entity_id NOT IN (SELECT entity_id FROM base.past_mentions);

-- name: feeds
DELETE FROM base.boilerplate_lines
WHERE publisher IN (SELECT publisher FROM base.feeds SEMI JOIN forgotten_feeds USING (feed_id));
DELETE FROM base.windows WHERE feed_id IN (SELECT feed_id FROM forgotten_feeds);
DELETE FROM base.vintage_feeds WHERE feed_id IN (SELECT feed_id FROM forgotten_feeds);
DELETE FROM base.feed_states WHERE feed_id IN (SELECT feed_id FROM forgotten_feeds);
DELETE FROM base.feeds WHERE feed_id IN (SELECT feed_id FROM forgotten_feeds);

-- name: base_tables
SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'base' ORDER BY table_name;

-- name: attach
ATTACH 'this_path' AS fresh;

-- name: empty
DELETE FROM fresh.base.this_table;

-- name: copy
INSERT INTO fresh.base.this_table BY NAME SELECT * FROM base.this_table;

-- name: differs
SELECT (SELECT count(*) FROM fresh.base.this_table) <> (SELECT count(*) FROM base.this_table);

-- name: finish_fresh
CHECKPOINT fresh;

-- name: detach
DETACH fresh;
