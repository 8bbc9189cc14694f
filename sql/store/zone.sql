-- about: the zone that weeks start in, and all weeks made anew when it changes

-- name: zone
SELECT zone FROM base.week_zone;

-- name: unset
DELETE FROM base.week_zone;

-- name: set
INSERT INTO base.week_zone VALUES ($zone);

-- name: moved
-- a date without a time (midnight UTC where the feed does not say) is never shifted by a zone
CREATE OR REPLACE TEMP TABLE moved_articles AS
SELECT a.article_id, n.week
FROM base.articles AS a
LEFT JOIN (
  SELECT article_id, any_value(date_only) AS date_only FROM base.entries WHERE outcome = 'stored' GROUP BY article_id
) AS e ON e.article_id = a.article_id AND a.published_from = 'feed'
CROSS JOIN LATERAL (
  SELECT date_trunc('week', CASE
    WHEN coalesce(e.date_only, a.published_from <> 'first-seen' AND epoch(a.published_at) % 86400 = 0)
      THEN a.published_at AT TIME ZONE 'UTC'
    ELSE a.published_at AT TIME ZONE $zone
  END)::DATE AS week
) AS n
WHERE a.week IS NOT NULL AND n.week IS DISTINCT FROM a.week;

-- name: tables
-- every base table that repeats the week of an article, those of later migrations too
SELECT w.table_name FROM duckdb_columns() AS w
JOIN duckdb_columns() AS a ON a.database_name = w.database_name AND a.schema_name = w.schema_name
  AND a.table_name = w.table_name AND a.column_name = 'article_id'
WHERE w.database_name = current_database() AND w.schema_name = 'base' AND w.column_name = 'week'
ORDER BY w.table_name;

-- name: move
UPDATE base.this_table AS t SET week = m.week FROM moved_articles AS m WHERE t.article_id = m.article_id;
