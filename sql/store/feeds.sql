-- about: declared feeds and what is remembered of them; incoming_feeds is the declared list

-- name: changed
SELECT count(*) FROM (
  (SELECT feed_id, name, url, publisher, source_type, region, language, collections, active, full_text, timezone
   FROM incoming_feeds
   EXCEPT
   SELECT feed_id, name, url, publisher, source_type, region, language, collections, active, full_text, timezone
   FROM base.feeds WHERE (retired_at IS NULL) = active)
  UNION ALL
  (SELECT feed_id, name, url, publisher, source_type, region, language, collections, active, full_text, timezone
   FROM base.feeds WHERE retired_at IS NULL
   EXCEPT
   SELECT feed_id, name, url, publisher, source_type, region, language, collections, active, full_text, timezone
   FROM incoming_feeds)
);

-- name: forget_validators
DELETE FROM base.feed_states WHERE feed_id IN (
  SELECT f.feed_id FROM base.feeds AS f JOIN incoming_feeds AS i USING (feed_id) WHERE i.url <> f.url
);

-- name: merge
CREATE OR REPLACE TEMP TABLE merged_feeds AS
SELECT i.feed_id, i.name, i.url, i.publisher, i.source_type, i.region, i.language, i.collections, i.active,
  i.full_text, i.timezone, coalesce(f.declared_at, $now) AS declared_at,
  CASE WHEN NOT i.active THEN coalesce(f.retired_at, $now) END AS retired_at
FROM incoming_feeds AS i LEFT JOIN base.feeds AS f USING (feed_id)
UNION ALL BY NAME
SELECT f.* REPLACE (coalesce(f.retired_at, $now) AS retired_at)
FROM base.feeds AS f ANTI JOIN incoming_feeds AS i USING (feed_id);

-- name: renamed_sources
CREATE OR REPLACE TEMP TABLE renamed_sources AS
SELECT f.feed_id, f.publisher AS old, i.publisher AS new,
  f.publisher IN (SELECT m.publisher FROM merged_feeds AS m) AS is_kept
FROM base.feeds AS f JOIN incoming_feeds AS i USING (feed_id) WHERE i.publisher <> f.publisher;

-- name: rename_lines
-- a feed takes its lines along; what is known to repeat in them is known of both names while other feeds keep the old one
INSERT INTO base.boilerplate_lines BY NAME
SELECT DISTINCT ON (r.new, b.line_hash) r.new AS publisher, b.line_hash, b.stories, b.found_at,
  CASE WHEN r.is_kept THEN 0 ELSE b.revised_mentions END AS revised_mentions
FROM base.boilerplate_lines AS b JOIN renamed_sources AS r ON r.old = b.publisher
ANTI JOIN base.boilerplate_lines AS k ON k.publisher = r.new AND k.line_hash = b.line_hash
ORDER BY r.new, b.line_hash, b.found_at, b.publisher;
UPDATE base.article_lines AS l SET publisher = r.new
FROM base.articles AS a JOIN renamed_sources AS r USING (feed_id)
WHERE a.article_id = l.article_id AND l.publisher = r.old;
DELETE FROM base.boilerplate_lines WHERE publisher IN (SELECT r.old FROM renamed_sources AS r WHERE NOT r.is_kept);
DROP TABLE renamed_sources;

-- name: replace
DELETE FROM base.feeds;
INSERT INTO base.feeds BY NAME SELECT * FROM merged_feeds ORDER BY feed_id;
DROP TABLE merged_feeds;

-- name: states
SELECT * FROM base.feed_states ORDER BY feed_id;
