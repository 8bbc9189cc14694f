-- about: spikes since a week, the latest and largest first, each with what explains it
-- param: since = 0001-01-01
-- param: until = 9999-12-31
-- param: entity = ''
-- param: limit = 20
SELECT s.week, s.entity_id, e.name, e.kind, s.stories, s.sources, s.expected_stories, s.ratio, s.p_value, s.story_share,
  s.top_source, s.top_source_stories, t.articles, t.observed_articles, t.share
FROM mart.spikes AS s
JOIN main.entities AS e ON e.entity_id = s.entity_id
JOIN mart.weekly_trends AS t ON t.week = s.week AND t.entity_id = s.entity_id
WHERE s.week BETWEEN $since::DATE AND $until::DATE AND ($entity::VARCHAR IS NULL OR s.entity_id = $entity::VARCHAR)
ORDER BY s.week DESC, s.ratio DESC LIMIT $limit::INTEGER
