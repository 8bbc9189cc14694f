-- about: weekly articles of many names, for sparklines
-- param: entities
-- param: since = 0001-01-01
-- param: until = 9999-12-31
SELECT m.entity_id, list(m.articles ORDER BY m.week) AS articles
FROM mart.weekly_mentions AS m
WHERE m.entity_id IN (SELECT unnest($entities::VARCHAR[])) AND m.week BETWEEN $since::DATE AND $until::DATE GROUP BY m.entity_id
