-- about: the observed articles that a validation sheet is drawn from, each with the name in it that fewest articles have
WITH named AS (
  SELECT n.article_id, n.entity_id, count(*) OVER (PARTITION BY n.entity_id) AS articles FROM mart.article_entities AS n
), rarest AS (
  SELECT n.article_id, min_by(n.entity_id, (n.articles, n.entity_id)) AS entity_id, min(n.articles) AS articles
  FROM named AS n GROUP BY n.article_id
)
SELECT o.article_id, o.source_type, coalesce(r.entity_id, '') AS rarest, coalesce(r.articles, 0)::INTEGER AS articles
FROM mart.observed AS o LEFT JOIN rarest AS r ON r.article_id = o.article_id
ORDER BY o.article_id
