-- about: the share when every source counts the same, however much it writes
-- kind: weeks
-- grain: week, entity_id
WITH sources AS (
  SELECT s.week, s.publisher, s.observed_articles AS n FROM mart.source_weeks AS s
  WHERE s.observed_articles > 0 AND s.week IN (SELECT week FROM build_weeks)
), totals AS (
  SELECT week, count(*)::INTEGER AS sources FROM sources GROUP BY week
), found AS (
  SELECT x.week, x.entity_id, sum(x.articles / s.n::DOUBLE) AS shares
  FROM mart.source_mentions AS x JOIN sources AS s ON s.week = x.week AND s.publisher = x.publisher
  GROUP BY x.week, x.entity_id
)
SELECT m.week, m.entity_id, CASE WHEN m.share IS NOT NULL THEN t.sources END AS sources,
  CASE WHEN m.share IS NOT NULL THEN coalesce(f.shares, 0) / t.sources END AS source_equal_share
FROM mart.weekly_mentions AS m
LEFT JOIN totals AS t ON t.week = m.week
LEFT JOIN found AS f ON f.week = m.week AND f.entity_id = m.entity_id
WHERE m.week IN (SELECT week FROM build_weeks)
ORDER BY m.entity_id, m.week
