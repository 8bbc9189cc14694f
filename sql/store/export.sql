-- about: the archive as Parquet: by month what grows, whole what does not; $since and $until are a month

-- name: months
SELECT DISTINCT date_trunc('month', coalesce(published_at, first_seen_at) AT TIME ZONE 'UTC')::DATE AS month
FROM articles ORDER BY month;

-- name: articles
SELECT * FROM articles
WHERE coalesce(published_at, first_seen_at) >= $since::TIMESTAMP AT TIME ZONE 'UTC'
  AND coalesce(published_at, first_seen_at) < $until::TIMESTAMP AT TIME ZONE 'UTC'
ORDER BY published_at, article_id;

-- name: mentions
-- a month's articles lie in the weeks that touch it, in any zone
SELECT m.* FROM mentions AS m
SEMI JOIN (
  SELECT article_id FROM articles
  WHERE coalesce(published_at, first_seen_at) >= $since::TIMESTAMP AT TIME ZONE 'UTC'
    AND coalesce(published_at, first_seen_at) < $until::TIMESTAMP AT TIME ZONE 'UTC'
) AS a USING (article_id)
WHERE m.week IS NULL OR m.week BETWEEN $since::DATE - 8 AND $until::DATE + 1
ORDER BY m.article_id, m.field, m.char_start, m.entity_id;

-- name: article_texts
SELECT t.article_id, t.text FROM base.article_texts AS t
SEMI JOIN (
  SELECT article_id FROM articles
  WHERE coalesce(published_at, first_seen_at) >= $since::TIMESTAMP AT TIME ZONE 'UTC'
    AND coalesce(published_at, first_seen_at) < $until::TIMESTAMP AT TIME ZONE 'UTC'
) AS a USING (article_id)
WHERE t.week IS NULL OR t.week BETWEEN $since::DATE - 8 AND $until::DATE + 1
ORDER BY t.article_id;

-- name: entities
FROM entities ORDER BY entity_id;

-- name: aliases
FROM aliases ORDER BY ALL;

-- name: memberships
FROM memberships ORDER BY ALL;

-- name: feeds
FROM feeds ORDER BY feed_id;

-- name: weeks
FROM weeks ORDER BY week;

-- name: source_weeks
FROM source_weeks ORDER BY week, publisher;

-- name: weekly_trends
FROM weekly_trends ORDER BY entity_id, week;

-- name: versions
SELECT
  (SELECT max(vintage) FROM vintages) AS vintage,
  (SELECT max(published_at) FROM vintages) AS published_at,
  (SELECT max(number) FROM base.schema_migrations) AS schema_version,
  (SELECT arg_max(gazetteer, vintage) FROM vintages) AS gazetteer,
  (SELECT list(DISTINCT tagger_version ORDER BY tagger_version) FROM articles) AS tagger_versions,
  (SELECT list(DISTINCT extractor_version ORDER BY extractor_version) FROM articles) AS extractor_versions;
