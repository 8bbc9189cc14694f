-- about: the weekly trend of some names as an earlier copy had it; it keeps no intervals
-- param: vintage
-- param: entities
-- param: since = 0001-01-01
-- param: until = 9999-12-31
WITH weeks AS (
  SELECT k.week, arg_max(k.state, k.vintage) AS state, arg_max(k.observed_articles, k.vintage) AS observed_articles
  FROM base.vintage_weeks AS k WHERE k.vintage <= $vintage::INTEGER GROUP BY k.week
), counts AS (
  SELECT k.week, k.entity_id, arg_max(k.articles, k.vintage) AS articles, arg_max(k.stories, k.vintage) AS stories,
    arg_max(k.sources, k.vintage) AS sources
  FROM base.vintage_counts AS k
  WHERE k.vintage <= $vintage::INTEGER AND k.entity_id IN (SELECT unnest($entities::VARCHAR[]))
    AND k.week BETWEEN $since::DATE AND $until::DATE
  GROUP BY k.week, k.entity_id
)
SELECT w.week, e.entity_id, CASE WHEN w.state <> 'unobserved' THEN coalesce(c.articles, 0) END AS articles,
  CASE WHEN w.state <> 'unobserved' THEN coalesce(c.stories, 0) END AS stories,
  CASE WHEN w.state <> 'unobserved' THEN coalesce(c.sources, 0) END AS sources,
  CASE WHEN w.state <> 'unobserved' THEN w.observed_articles END AS observed_articles,
  CASE WHEN w.state <> 'unobserved' THEN coalesce(c.articles, 0) / nullif(w.observed_articles, 0)::DOUBLE END AS share,
  w.state, w.week = (SELECT max(o.week) FROM weeks AS o) AS is_open
FROM weeks AS w
CROSS JOIN (SELECT unnest($entities::VARCHAR[]) AS entity_id) AS e
LEFT JOIN counts AS c ON c.week = w.week AND c.entity_id = e.entity_id
WHERE w.week BETWEEN $since::DATE AND $until::DATE
ORDER BY list_position($entities::VARCHAR[], e.entity_id), w.week
