-- about: the weekly trend of some names over all sources
-- param: entities
-- param: since = 0001-01-01
-- param: until = 9999-12-31
SELECT t.week, t.entity_id, t.articles, t.stories, t.sources, t.observed_articles, t.share, t.share_low, t.share_high,
  t.mean4, t.state, t.is_open, t.is_provisional
FROM main.weekly_trends AS t
WHERE t.entity_id IN (SELECT unnest($entities::VARCHAR[])) AND t.week BETWEEN $since::DATE AND $until::DATE
ORDER BY list_position($entities::VARCHAR[], t.entity_id), t.week
