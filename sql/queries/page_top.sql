-- about: the most named in a span of weeks
-- param: since = 0001-01-01
-- param: until = 9999-12-31
-- param: kind = ''
-- param: limit = 20
SELECT m.entity_id, e.name, e.acronym, e.kind, sum(m.articles)::INTEGER AS articles
FROM mart.weekly_mentions AS m JOIN main.entities AS e ON e.entity_id = m.entity_id
WHERE m.week BETWEEN $since::DATE AND $until::DATE AND ($kind::VARCHAR IS NULL OR e.kind = $kind::VARCHAR)
GROUP BY ALL HAVING sum(m.articles) > 0 ORDER BY articles DESC, e.name LIMIT $limit::INTEGER
