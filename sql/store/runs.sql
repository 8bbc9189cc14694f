-- about: runs, the data version and the gazetteer

-- name: start
INSERT INTO base.runs BY NAME
SELECT $run_id AS run_id, $now AS started_at WHERE $run_id NOT IN (SELECT run_id FROM base.runs);

-- name: entry_counts
SELECT count(*) AS discovered,
  count(*) FILTER (outcome = 'stored') AS stored, count(*) FILTER (outcome = 'duplicate') AS duplicate,
  count(*) FILTER (outcome = 'refused') AS refused, count(*) FILTER (outcome = 'failed') AS failed,
  count(*) FILTER (outcome = 'pending') AS pending
FROM base.entries WHERE run_id = $run_id;

-- name: finish
UPDATE base.runs SET finished_at = $now, outcome = $outcome,
  feeds_due = $feeds_due, feeds_ok = $feeds_ok, feeds_failed = $feeds_failed, discovered = $discovered,
  stored = $stored, duplicate = $duplicate, refused = $refused, failed = $failed, pending = $pending,
  articles = $articles, mentions = $mentions
WHERE run_id = $run_id;

-- name: bump
UPDATE base.data_version SET version = version + 1;

-- name: newest_gazetteer
-- which gazetteer is in use: the last that came, of two of one instant the last that was written. It is asked here alone;
-- each publish keeps the answer in base.vintages, where everybody else reads it.
SELECT version FROM base.gazetteers ORDER BY synced_at DESC, rowid DESC LIMIT 1;

-- name: gazetteer
DELETE FROM base.entities WHERE listed OR entity_id IN (SELECT entity_id FROM incoming_entities);
INSERT INTO base.entities BY NAME SELECT * FROM incoming_entities;
DELETE FROM base.aliases;
INSERT INTO base.aliases BY NAME SELECT * FROM incoming_aliases;
DELETE FROM base.memberships;
INSERT INTO base.memberships BY NAME SELECT * FROM incoming_memberships;

-- name: gazetteer_record
INSERT INTO base.gazetteers VALUES ($version, $now);

-- name: build_all
-- what every mart depends on has changed: the next build is a full one
DELETE FROM base.mart_builds;
