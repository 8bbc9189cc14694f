-- about: the change from week to week among the sources that were observed in both (the matched panel), so that a
--   source that came, went or broke down changes nothing
-- kind: weeks
-- reach: 9
-- grain: week, entity_id
-- The week before is the last one that any source was observed in, up to nine weeks back: an outage is bridged. The view
-- chains the changes to a line; where nothing links a week to an earlier one, the line begins anew.
WITH links AS (
  SELECT w.week, max(b.week) AS last_week
  FROM (SELECT DISTINCT week FROM mart.source_weeks WHERE state = 'observed' AND week IN (SELECT week FROM build_weeks)) AS w
  LEFT JOIN (SELECT DISTINCT week FROM mart.source_weeks WHERE state = 'observed') AS b
    ON b.week < w.week AND b.week >= w.week - 63
  GROUP BY w.week
), panel AS (
  SELECT w.week, w.publisher, w.observed_articles AS n, b.week AS last_week, b.observed_articles AS last_n
  FROM mart.source_weeks AS w
  JOIN links AS l ON l.week = w.week
  JOIN mart.source_weeks AS b ON b.publisher = w.publisher AND b.week = l.last_week
  WHERE w.state = 'observed' AND b.state = 'observed'
), totals AS (
  SELECT week, count(*)::INTEGER AS panel_sources, sum(n)::INTEGER AS n, sum(last_n)::INTEGER AS last_n
  FROM panel GROUP BY week
), roles AS (
  SELECT week, publisher, week AS panel_week, true AS is_now FROM panel
  UNION ALL
  SELECT last_week, publisher, week, false FROM panel
), found AS (
  SELECT r.panel_week AS week, x.entity_id, sum(x.articles) FILTER (r.is_now) AS x,
    sum(x.articles) FILTER (NOT r.is_now) AS last_x
  FROM mart.source_mentions AS x JOIN roles AS r ON r.week = x.week AND r.publisher = x.publisher
  WHERE x.week >= (SELECT min(week) FROM build_weeks) - 63
  GROUP BY r.panel_week, x.entity_id
)
SELECT m.week, m.entity_id, coalesce(t.panel_sources, 0)::INTEGER AS panel_sources,
  t.n AS panel_observed, coalesce(f.x, 0)::INTEGER AS panel_articles,
  coalesce(f.x, 0) / nullif(t.n, 0)::DOUBLE AS panel_share,
  coalesce(f.last_x, 0) / nullif(t.last_n, 0)::DOUBLE AS panel_last_share, t.last_n AS panel_last_observed,
  l.week IS NOT NULL AND coalesce(t.n, 0) * coalesce(t.last_n, 0) = 0 AS is_first
FROM mart.weekly_mentions AS m
JOIN mart.weeks AS w ON w.week = m.week
LEFT JOIN links AS l ON l.week = m.week
LEFT JOIN totals AS t ON t.week = m.week
LEFT JOIN found AS f ON f.week = m.week AND f.entity_id = m.entity_id
WHERE m.week IN (SELECT week FROM build_weeks)
ORDER BY m.entity_id, m.week
