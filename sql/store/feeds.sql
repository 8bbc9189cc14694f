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

-- name: replace
DELETE FROM base.feeds;
INSERT INTO base.feeds BY NAME SELECT * FROM merged_feeds ORDER BY feed_id;
DROP TABLE merged_feeds;

-- name: states
SELECT * FROM base.feed_states ORDER BY feed_id;
