-- about: one batch of articles with their mentions and the outcomes of their entries; incoming_* are frames, the articles'
-- in the order of their weeks, so that a week's rows lie together

-- name: accepted
-- an article is new, or better than the one stored: metadata gives way to partial and full
CREATE OR REPLACE TEMP TABLE accepted AS
SELECT i.* REPLACE (least(i.first_seen_at, coalesce(a.first_seen_at, i.first_seen_at)) AS first_seen_at),
  a.article_id IS NOT NULL AS is_replacement, a.week AS old_week
FROM incoming_articles AS i
LEFT JOIN (
  SELECT article_id, first_seen_at, status, week FROM base.articles
  WHERE article_id IN (SELECT article_id FROM incoming_articles)
) AS a USING (article_id)
WHERE (a.article_id IS NULL OR (a.status = 'metadata' AND i.status <> 'metadata'))
  AND i.canonical_url NOT IN (SELECT value FROM base.tombstones WHERE kind = 'url');

-- name: dirty_weeks
INSERT INTO base.dirty_weeks BY NAME
SELECT DISTINCT t.week FROM (SELECT week FROM accepted UNION ALL SELECT old_week FROM accepted) AS t
ANTI JOIN base.dirty_weeks AS d ON d.week = t.week
WHERE t.week IS NOT NULL;

-- name: remove_replaced
DELETE FROM base.articles WHERE article_id IN (SELECT article_id FROM accepted WHERE is_replacement);
DELETE FROM base.article_texts WHERE article_id IN (SELECT article_id FROM accepted WHERE is_replacement);
DELETE FROM base.mentions WHERE article_id IN (SELECT article_id FROM accepted WHERE is_replacement);
DELETE FROM base.signatures WHERE article_id IN (SELECT article_id FROM accepted WHERE is_replacement);
DELETE FROM base.article_lines WHERE article_id IN (SELECT article_id FROM accepted WHERE is_replacement);
DELETE FROM base.next_articles WHERE article_id IN (SELECT article_id FROM accepted WHERE is_replacement);
DELETE FROM base.next_mentions WHERE article_id IN (SELECT article_id FROM accepted WHERE is_replacement);
DELETE FROM base.next_unconcerned WHERE article_id IN (SELECT article_id FROM accepted WHERE is_replacement);

-- name: articles
INSERT INTO base.articles BY NAME
SELECT * EXCLUDE (is_replacement, old_week, position) REPLACE (coalesce(story_id, article_id) AS story_id)
FROM accepted ORDER BY position;

-- name: texts
INSERT INTO base.article_texts BY NAME
SELECT t.article_id, a.week, t.text FROM incoming_texts AS t JOIN accepted AS a USING (article_id) ORDER BY a.position;

-- name: mentions
INSERT INTO base.mentions BY NAME
SELECT m.* EXCLUDE (name, listed) FROM incoming_mentions AS m SEMI JOIN accepted AS a USING (article_id);

-- name: unlisted
INSERT INTO base.entities BY NAME
SELECT m.entity_id, any_value(m.kind) AS kind, min(coalesce(m.name, m.surface)) AS name, false AS listed
FROM incoming_mentions AS m ANTI JOIN base.entities AS e USING (entity_id)
WHERE NOT m.listed GROUP BY m.entity_id ORDER BY m.entity_id;

-- name: signatures
INSERT INTO base.signatures BY NAME
SELECT s.* FROM incoming_bands AS s SEMI JOIN accepted USING (article_id);

-- name: lines
INSERT INTO base.article_lines BY NAME
SELECT l.article_id, f.publisher, l.line_hash
FROM incoming_lines AS l JOIN accepted AS a USING (article_id) JOIN base.feeds AS f ON f.feed_id = a.feed_id;

-- name: settled
-- only open entries settle: a load that is repeated changes nothing. Of the entries of one article the first is stored.
CREATE OR REPLACE TEMP TABLE settled AS
WITH open AS (
  SELECT i.*, e.date_only, coalesce(e.published_at, e.first_seen_at) AS announced_at
  FROM incoming_outcomes AS i
  JOIN base.entries AS e
    ON e.feed_id = i.feed_id AND e.entry_id = i.entry_id AND e.outcome IN ('pending', 'failed')
), ranked AS (
  SELECT o.*, row_number() OVER (PARTITION BY o.article_id, o.outcome = 'stored' ORDER BY o.position) AS claim
  FROM open AS o
)
SELECT r.feed_id, r.entry_id, r.attempts, r.date_only, r.announced_at,
  CASE WHEN f.article_id IS NULL THEN r.article_id END AS article_id,
  CASE WHEN f.article_id IS NULL THEN r.next_attempt_at END AS next_attempt_at,
  CASE WHEN f.article_id IS NOT NULL THEN 'refused' WHEN r.is_late THEN 'duplicate' ELSE r.outcome END AS outcome,
  CASE
    WHEN f.article_id IS NOT NULL THEN 'forgotten'
    WHEN r.is_late THEN coalesce(r.reason, 'article already stored')
    ELSE r.reason
  END AS reason
FROM (
  SELECT k.*, k.outcome = 'stored' AND (k.claim > 1 OR (a.article_id IS NULL AND o.article_id IS NOT NULL)) AS is_late
  FROM ranked AS k
  LEFT JOIN accepted AS a ON a.article_id = k.article_id
  LEFT JOIN (
    SELECT DISTINCT article_id FROM base.entries
    WHERE outcome = 'stored' AND article_id IN (SELECT article_id FROM incoming_outcomes)
  ) AS o ON o.article_id = k.article_id
) AS r
LEFT JOIN (
  -- another address led to a page that was forgotten
  SELECT article_id FROM incoming_articles
  WHERE canonical_url IN (SELECT value FROM base.tombstones WHERE kind = 'url')
) AS f ON f.article_id = r.article_id;

-- name: settled_weeks
-- what was missing in a week is so no more, whether an article came of it or not
INSERT INTO base.dirty_weeks BY NAME
SELECT n.week
FROM (
  SELECT DISTINCT date_trunc('week', s.announced_at AT TIME ZONE CASE WHEN s.date_only THEN 'UTC' ELSE z.zone END)::DATE AS week
  FROM settled AS s, (SELECT coalesce((SELECT zone FROM base.week_zone), 'UTC') AS zone) AS z
) AS n
ANTI JOIN base.dirty_weeks AS d USING (week);

-- name: outcomes
UPDATE base.entries AS e
SET outcome = s.outcome, reason = s.reason, article_id = coalesce(s.article_id, e.article_id), attempts = s.attempts,
  next_attempt_at = s.next_attempt_at,
  title = CASE WHEN s.reason = 'forgotten' THEN '' ELSE e.title END,
  url = CASE WHEN s.reason = 'forgotten' THEN NULL ELSE e.url END,
  canonical_url = CASE WHEN s.reason = 'forgotten' THEN NULL ELSE e.canonical_url END,
  published_raw = CASE WHEN s.reason = 'forgotten' THEN NULL ELSE e.published_raw END
FROM settled AS s WHERE e.feed_id = s.feed_id AND e.entry_id = s.entry_id;

-- name: drop_payloads
DELETE FROM base.entry_payloads AS p
USING settled AS s
WHERE p.feed_id = s.feed_id AND p.entry_id = s.entry_id
  AND (s.outcome IN ('stored', 'duplicate', 'refused') OR (s.outcome = 'failed' AND s.next_attempt_at IS NULL));

-- name: counts
SELECT
  (SELECT count(*) FROM accepted) AS articles,
  (SELECT count(*) FROM incoming_mentions AS m SEMI JOIN accepted USING (article_id)) AS mentions,
  (SELECT count(*) FROM accepted WHERE is_replacement) AS replaced,
  count(*) FILTER (outcome = 'stored') AS stored, count(*) FILTER (outcome = 'duplicate') AS duplicate,
  count(*) FILTER (outcome = 'refused') AS refused, count(*) FILTER (outcome = 'failed') AS failed,
  count(*) FILTER (outcome = 'pending') AS pending
FROM settled;
