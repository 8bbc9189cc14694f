-- about: articles that name two of some names together, in a span of weeks
-- param: since = 0001-01-01
-- param: until = 9999-12-31
-- param: entities
SELECT c.entity_a, c.entity_b, sum(c.articles)::INTEGER AS articles
FROM mart.co_mentions AS c
WHERE c.week BETWEEN $since::DATE AND $until::DATE
  AND c.entity_a IN (SELECT unnest($entities::VARCHAR[])) AND c.entity_b IN (SELECT unnest($entities::VARCHAR[]))
GROUP BY ALL ORDER BY articles DESC
