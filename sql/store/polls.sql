-- about: one batch of polls; incoming_* are frames

-- name: states
DELETE FROM base.feed_states WHERE feed_id IN (SELECT feed_id FROM incoming_states);
INSERT INTO base.feed_states BY NAME SELECT * FROM incoming_states;

-- name: fetches
INSERT INTO base.fetches BY NAME
SELECT i.* FROM incoming_fetches AS i
ANTI JOIN base.fetches AS f ON f.run_id = i.run_id AND f.url = i.url AND f.started_at = i.started_at AND f.kind = i.kind;

-- name: dirty_weeks
-- a window changes the coverage from the last poll before it, or from its oldest entry when the two do not touch or when
-- it reaches further back than the one before it (an archive, or a longer document that shows what was lost before). One
-- that comes late, by a clock that was set back or another writer's, changes it up to the poll after it.
INSERT INTO base.dirty_weeks BY NAME
WITH around AS (
  SELECT i.feed_id, i.polled_at, any_value(i.oldest_entry_at) AS oldest_entry_at,
    max(w.polled_at) FILTER (w.polled_at < i.polled_at) AS last_at,
    arg_max_null(w.oldest_entry_at, w.polled_at) FILTER (w.polled_at < i.polled_at) AS last_oldest,
    min(w.polled_at) FILTER (w.polled_at > i.polled_at) AS next_at
  FROM incoming_windows AS i LEFT JOIN base.windows AS w ON w.feed_id = i.feed_id
  GROUP BY i.feed_id, i.polled_at
), spans AS (
  SELECT coalesce(next_at, polled_at) AS until,
    CASE
      WHEN next_at IS NOT NULL THEN least(polled_at, oldest_entry_at, last_at)
      WHEN last_at IS NULL THEN coalesce(oldest_entry_at, polled_at)
      WHEN oldest_entry_at IS NULL THEN last_at
      WHEN last_oldest IS NULL OR oldest_entry_at < last_oldest THEN oldest_entry_at
      ELSE greatest(oldest_entry_at, last_at)
    END AS since
  FROM around
), zone AS (
  SELECT coalesce((SELECT zone FROM base.week_zone), 'UTC') AS zone
), weeks AS (
  SELECT DISTINCT unnest(range(date_trunc('week', since AT TIME ZONE zone)::DATE, (until AT TIME ZONE zone)::DATE + 1,
    INTERVAL 7 DAYS))::DATE AS week
  FROM spans, zone
)
SELECT week FROM weeks ANTI JOIN base.dirty_weeks AS d USING (week);

-- name: windows
INSERT INTO base.windows BY NAME
SELECT i.* FROM incoming_windows AS i
ANTI JOIN base.windows AS w ON w.feed_id = i.feed_id AND w.polled_at = i.polled_at;

-- name: new_entries
-- an identity that a feed shows twice, or that is known, is not a new entry
CREATE OR REPLACE TEMP TABLE new_entries AS
SELECT i.* FROM (
  SELECT * FROM incoming_entries QUALIFY row_number() OVER (PARTITION BY feed_id, entry_id ORDER BY position) = 1
) AS i
ANTI JOIN base.entries AS e ON e.feed_id = i.feed_id AND e.entry_id = i.entry_id;

-- name: forgotten
-- what must not be kept is not kept in the ledger either: the row stays without what it says
UPDATE new_entries
SET refused = 'forgotten', title = '', url = NULL, canonical_url = NULL, published_raw = NULL, published_at = NULL,
  article_id = NULL
WHERE refused IS NULL AND (
  canonical_url IN (SELECT value FROM base.tombstones WHERE kind = 'url')
  OR feed_id IN (
    SELECT f.feed_id FROM base.feeds AS f JOIN base.tombstones AS t ON t.kind = 'source' AND t.value = f.publisher
  )
);

-- name: entries
INSERT INTO base.entries BY NAME
SELECT feed_id, entry_id, $run_id AS run_id, url, canonical_url, title, published_raw, published_at, date_only,
  $now AS first_seen_at, is_first_poll, is_backfilled,
  CASE WHEN refused IS NULL THEN 'pending' ELSE 'refused' END AS outcome, refused AS reason, article_id AS link_id,
  NULL::BIGINT AS article_id,
  0 AS attempts, NULL::TIMESTAMPTZ AS next_attempt_at
FROM new_entries ORDER BY position;

-- name: announced_weeks
-- a page that waits is missing in its week
INSERT INTO base.dirty_weeks BY NAME
SELECT n.week
FROM (
  SELECT DISTINCT date_trunc('week',
    coalesce(published_at, $now) AT TIME ZONE CASE WHEN date_only THEN 'UTC' ELSE z.zone END)::DATE AS week
  FROM new_entries, (SELECT coalesce((SELECT zone FROM base.week_zone), 'UTC') AS zone) AS z
  WHERE refused IS NULL
) AS n
ANTI JOIN base.dirty_weeks AS d USING (week);

-- name: payloads
INSERT INTO base.entry_payloads BY NAME
SELECT feed_id, entry_id, author, summary, content FROM new_entries WHERE refused IS NULL ORDER BY position;

-- name: count_new
SELECT count(*) FROM new_entries;
