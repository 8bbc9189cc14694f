-- about: which sources the articles on a name came from, and how much of each source's own writing they are
-- param: since = 0001-01-01
-- param: until = 9999-12-31
-- param: entity
-- param: limit = 20
WITH found AS (
  SELECT s.publisher, sum(s.articles)::INTEGER AS articles, sum(s.first_articles)::INTEGER AS stories,
    any_value(n.observed)::INTEGER AS observed_articles, sum(s.articles) / any_value(n.observed)::DOUBLE AS share
  FROM mart.source_mentions AS s
  JOIN (
    SELECT w.publisher, sum(w.observed_articles) AS observed FROM mart.source_weeks AS w
    WHERE w.week BETWEEN $since::DATE AND $until::DATE GROUP BY w.publisher
  ) AS n ON n.publisher = s.publisher
  WHERE s.entity_id = $entity::VARCHAR AND s.week BETWEEN $since::DATE AND $until::DATE
  GROUP BY s.publisher
)
SELECT f.*, (SELECT sum(x.articles) FROM found AS x)::INTEGER AS all_articles
FROM found AS f ORDER BY f.articles DESC, f.publisher LIMIT $limit::INTEGER
