-- about: a mart's total that differs from the base tables
-- Zero: marts are computed from the base tables in one transaction; a difference means that a refresh missed a week.
WITH base AS (
  SELECT m.week, count(DISTINCT m.article_id) AS articles, count(*) AS mentions
  FROM base.mentions AS m
  SEMI JOIN mart.observed AS o ON o.article_id = m.article_id AND o.week = m.week
  SEMI JOIN base.entities AS e ON e.entity_id = m.entity_id AND e.listed
  WHERE m.counted AND m.kind IN ('country', 'historical', 'organisation')
  GROUP BY m.week
), marts AS (
  SELECT week, count(DISTINCT article_id) AS articles, sum(mentions) AS mentions FROM mart.article_entities GROUP BY week
)
SELECT coalesce(b.week, m.week) AS week, b.articles AS base_articles, m.articles AS mart_articles,
  b.mentions AS base_mentions, m.mentions AS mart_mentions
FROM base AS b FULL JOIN marts AS m ON m.week = b.week
WHERE (b.articles, b.mentions) IS DISTINCT FROM (m.articles, m.mentions)
