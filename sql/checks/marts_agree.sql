-- about: a mart's total that differs from the base tables, or a mart from the one it is made of
-- Zero: marts are computed from the base tables in one transaction; a difference means that a refresh missed a week.
WITH counted AS (
  SELECT m.week, m.article_id, count(*) AS mentions
  FROM checked_mentions AS m
  SEMI JOIN base.entities AS e ON e.entity_id = m.entity_id AND e.listed
  WHERE m.counted AND m.kind IN ('country', 'historical', 'organisation')
  GROUP BY m.week, m.article_id
), base AS (
  SELECT c.week, count(*) AS articles, sum(c.mentions) AS mentions
  FROM counted AS c SEMI JOIN checked_observed AS o ON o.article_id = c.article_id AND o.week = c.week
  GROUP BY c.week
), named AS (
  SELECT week, count(DISTINCT article_id) AS articles, sum(mentions) AS mentions, count(*) AS pairs
  FROM checked_article_entities GROUP BY week
), weekly AS (
  SELECT week, sum(articles) AS pairs, sum(mentions) AS mentions, max(observed_articles) AS observed
  FROM checked_weekly_mentions GROUP BY week
), seen AS (
  SELECT week, count(*) AS observed FROM checked_observed GROUP BY week
)
SELECT coalesce(b.week, n.week) AS week, 'article_entities' AS mart, b.articles AS expected, n.articles AS found,
  b.mentions AS expected_mentions, n.mentions AS found_mentions
FROM base AS b FULL JOIN named AS n ON n.week = b.week
WHERE (b.articles, b.mentions) IS DISTINCT FROM (n.articles, n.mentions)
UNION ALL
SELECT w.week, 'weekly_mentions', n.pairs, w.pairs, n.mentions, w.mentions
FROM weekly AS w LEFT JOIN named AS n ON n.week = w.week
WHERE (coalesce(n.pairs, 0), coalesce(n.mentions, 0)) IS DISTINCT FROM (coalesce(w.pairs, 0), coalesce(w.mentions, 0))
UNION ALL
SELECT w.week, 'observed', s.observed, w.observed, NULL, NULL
FROM weekly AS w LEFT JOIN seen AS s ON s.week = w.week
WHERE coalesce(s.observed, 0) <> coalesce(w.observed, 0)
