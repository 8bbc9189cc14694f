-- about: articles that name each country in a span of weeks, as an earlier copy published them
-- param: vintage
-- param: since = 0001-01-01
-- param: until = 9999-12-31
WITH counts AS (
  SELECT c.entity_id, sum(c.articles) AS articles FROM base.vintage_changes AS c
  WHERE c.vintage <= $vintage::INTEGER AND c.week BETWEEN $since::DATE AND $until::DATE GROUP BY c.entity_id
)
SELECT e.entity_id, e.iso3, e.name, coalesce(c.articles, 0)::INTEGER AS articles,
  (SELECT o.articles FROM counts AS o WHERE o.entity_id = '*')::INTEGER AS observed_articles
FROM main.entities AS e LEFT JOIN counts AS c ON c.entity_id = e.entity_id
WHERE e.kind = 'country'
ORDER BY articles DESC, e.name
