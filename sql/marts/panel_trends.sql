-- about: the change from week to week among the sources that were observed in both (the matched panel), so that a
--   source that came, went or broke down changes nothing
-- kind: weeks
-- reach: 1
-- grain: week, entity_id
-- The view chains the changes to a line: level = first share + the sum of the changes.
WITH panel AS (
  SELECT w.week, w.publisher, w.observed_articles AS n, b.observed_articles AS last_n
  FROM mart.source_weeks AS w
  JOIN mart.source_weeks AS b ON b.publisher = w.publisher AND b.week = w.week - 7
  WHERE w.state = 'observed' AND b.state = 'observed' AND w.week IN (SELECT week FROM build_weeks)
), totals AS (
  SELECT week, count(*)::INTEGER AS panel_sources, sum(n)::INTEGER AS n, sum(last_n)::INTEGER AS last_n
  FROM panel GROUP BY week
), roles AS (
  SELECT week, publisher, week AS panel_week, true AS is_now FROM panel
  UNION ALL
  SELECT week - 7, publisher, week, false FROM panel
), found AS (
  SELECT r.panel_week AS week, x.entity_id, sum(x.articles) FILTER (r.is_now) AS x,
    sum(x.articles) FILTER (NOT r.is_now) AS last_x
  FROM mart.source_mentions AS x JOIN roles AS r ON r.week = x.week AND r.publisher = x.publisher
  WHERE x.week >= (SELECT min(week) FROM build_weeks) - 7
  GROUP BY r.panel_week, x.entity_id
)
SELECT m.week, m.entity_id, coalesce(t.panel_sources, 0)::INTEGER AS panel_sources,
  t.n AS panel_observed, coalesce(f.x, 0)::INTEGER AS panel_articles,
  coalesce(f.x, 0) / nullif(t.n, 0)::DOUBLE AS panel_share,
  coalesce(f.last_x, 0) / nullif(t.last_n, 0)::DOUBLE AS panel_last_share
FROM mart.weekly_mentions AS m
JOIN mart.weeks AS w ON w.week = m.week
LEFT JOIN totals AS t ON t.week = m.week
LEFT JOIN found AS f ON f.week = m.week AND f.entity_id = m.entity_id
WHERE m.week IN (SELECT week FROM build_weeks)
ORDER BY m.entity_id, m.week
