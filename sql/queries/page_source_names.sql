-- about: what a source writes about, beside how often all sources do
-- param: source
-- param: since = 0001-01-01
-- param: until = 9999-12-31
-- param: limit = 20
WITH observed AS (
  SELECT sum(w.observed_articles)::DOUBLE AS of_all, sum(w.observed_articles) FILTER (w.publisher = $source::VARCHAR) AS of_source
  FROM mart.source_weeks AS w WHERE w.week BETWEEN $since::DATE AND $until::DATE
), counts AS (
  SELECT s.entity_id, sum(s.articles) AS all_articles,
    sum(s.articles) FILTER (s.publisher = $source::VARCHAR) AS articles
  FROM mart.source_mentions AS s WHERE s.week BETWEEN $since::DATE AND $until::DATE GROUP BY s.entity_id
)
SELECT c.entity_id, e.name, e.kind, c.articles::INTEGER AS articles, c.articles / o.of_source::DOUBLE AS share,
  c.all_articles / o.of_all AS share_of_all
FROM counts AS c CROSS JOIN observed AS o JOIN main.entities AS e ON e.entity_id = c.entity_id
WHERE c.articles > 0 ORDER BY c.articles DESC, e.name LIMIT $limit::INTEGER
