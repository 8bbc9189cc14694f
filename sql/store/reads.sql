-- about: what the pipeline asks before it works. What it asks for comes as a relation: a list of two thousand values as a
--   parameter costs half a second of CPU

-- name: pending
SELECT e.feed_id, e.entry_id, e.url, e.canonical_url, e.link_id AS article_id, e.title, p.author, p.summary, p.content,
  e.published_raw, e.published_at, e.date_only, f.publisher, coalesce(f.language, '') AS language, f.timezone AS zone,
  e.first_seen_at, e.is_first_poll, e.is_backfilled, e.attempts
FROM base.entries AS e
JOIN base.feeds AS f USING (feed_id)
LEFT JOIN base.entry_payloads AS p ON p.feed_id = e.feed_id AND p.entry_id = e.entry_id
WHERE e.outcome = 'pending'
  OR (e.outcome = 'failed' AND e.attempts < 5 AND e.next_attempt_at IS NOT NULL AND ($all OR e.next_attempt_at <= $now OR e.next_attempt_at > $now + INTERVAL 31 DAY))
ORDER BY e.attempts, e.is_backfilled, e.first_seen_at, e.rowid;

-- name: known_entry_ids
SELECT feed_id, entry_id FROM base.entries WHERE feed_id IN (FROM incoming_feeds);

-- name: newest_entries
SELECT feed_id, max(published_at) AS newest FROM base.entries
WHERE feed_id IN (FROM incoming_feeds) AND published_at IS NOT NULL GROUP BY feed_id;

-- name: existing_articles
-- a link leads to the article of its own id, or to the one that a settled entry with this link ended as
SELECT link_id, article_id FROM incoming_links AS links JOIN base.articles AS a ON a.article_id = links.link_id
UNION
SELECT DISTINCT ON (link_id) link_id, e.article_id
FROM incoming_links AS links JOIN base.entries AS e USING (link_id) ANTI JOIN base.articles AS a ON a.article_id = links.link_id
WHERE e.article_id IS NOT NULL ORDER BY link_id, e.article_id;

-- name: known_lines
SELECT publisher, line_hash FROM base.boilerplate_lines WHERE publisher IN (FROM incoming_publishers);

-- name: dirty_weeks
SELECT week FROM base.dirty_weeks ORDER BY week;

-- name: data_version
SELECT version FROM base.data_version;
