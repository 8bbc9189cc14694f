-- about: names that stand in the same articles more often than chance: lift is how many times as often
-- param: since = 0001-01-01
-- param: until = 9999-12-31
-- param: entity
-- param: least_articles = 5
-- param: over = 0
-- param: by_lift = true
-- param: limit = 20
WITH observed AS (
  SELECT sum(w.observed_articles)::DOUBLE AS n FROM mart.weeks AS w WHERE w.week BETWEEN $since::DATE AND $until::DATE
), totals AS (
  SELECT m.entity_id, sum(m.articles) AS articles FROM mart.weekly_mentions AS m
  WHERE m.week BETWEEN $since::DATE AND $until::DATE GROUP BY m.entity_id
), pairs AS (
  SELECT CASE WHEN c.entity_a = $entity::VARCHAR THEN c.entity_b ELSE c.entity_a END AS entity_id,
    sum(c.articles) AS articles, sum(c.sentences) AS sentences
  FROM mart.co_mentions AS c
  WHERE c.week IN (SELECT w.week FROM mart.weeks AS w WHERE w.week BETWEEN $since::DATE AND $until::DATE)
    AND (c.entity_a = $entity::VARCHAR OR c.entity_b = $entity::VARCHAR) GROUP BY ALL
)
SELECT p.entity_id, e.name, e.kind, p.articles::INTEGER AS articles, p.sentences::INTEGER AS sentences,
  p.articles * o.n / (t.articles * mine.articles) AS lift
FROM pairs AS p
CROSS JOIN observed AS o
JOIN totals AS t ON t.entity_id = p.entity_id
JOIN totals AS mine ON mine.entity_id = $entity::VARCHAR
JOIN main.entities AS e ON e.entity_id = p.entity_id
WHERE p.articles >= $least_articles::INTEGER AND p.articles * o.n > $over::DOUBLE * t.articles * mine.articles
ORDER BY CASE WHEN $by_lift::BOOLEAN THEN lift END DESC, p.articles DESC, e.name LIMIT $limit::INTEGER
