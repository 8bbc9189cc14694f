-- about: articles that name two of some names together, in a span of weeks, with the lift over chance
-- param: since = 0001-01-01
-- param: until = 9999-12-31
-- param: entities
WITH observed AS (
  SELECT sum(w.observed_articles)::DOUBLE AS n FROM mart.weeks AS w WHERE w.week BETWEEN $since::DATE AND $until::DATE
), totals AS (
  SELECT m.entity_id, sum(m.articles) AS articles FROM mart.weekly_mentions AS m
  WHERE m.week BETWEEN $since::DATE AND $until::DATE AND m.entity_id IN (SELECT unnest($entities::VARCHAR[]))
  GROUP BY m.entity_id
), pairs AS (
  SELECT c.entity_a, c.entity_b, sum(c.articles)::INTEGER AS articles
  FROM mart.co_mentions AS c
  WHERE c.week IN (SELECT w.week FROM mart.weeks AS w WHERE w.week BETWEEN $since::DATE AND $until::DATE)
    AND c.entity_a IN (SELECT unnest($entities::VARCHAR[])) AND c.entity_b IN (SELECT unnest($entities::VARCHAR[]))
  GROUP BY ALL
)
SELECT p.entity_a, p.entity_b, p.articles, p.articles * o.n / (a.articles * b.articles) AS lift
FROM pairs AS p
CROSS JOIN observed AS o
JOIN totals AS a ON a.entity_id = p.entity_a
JOIN totals AS b ON b.entity_id = p.entity_b
ORDER BY p.articles DESC, p.entity_a, p.entity_b
