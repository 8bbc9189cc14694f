-- about: how a name was written in a span of weeks: each form and surface with its mentions and articles
-- param: entity
-- param: since = 0001-01-01
-- param: until = 9999-12-31
-- param: limit = 20
-- Week by week, since an article has one week: different articles are then few at a time.
WITH weekly AS (
  SELECT m.week, m.form, m.surface, count(*) AS mentions, count(DISTINCT m.article_id) AS articles
  FROM base.mentions AS m
  WHERE m.entity_id = $entity::VARCHAR AND m.counted AND m.week BETWEEN $since::DATE AND $until::DATE
    AND m.article_id IN (
      SELECT x.article_id FROM mart.article_entities AS x
      WHERE x.entity_id = $entity::VARCHAR AND x.week BETWEEN $since::DATE AND $until::DATE
    )
  GROUP BY m.week, m.form, m.surface
)
SELECT w.form, w.surface, sum(w.mentions)::INTEGER AS mentions, sum(w.articles)::INTEGER AS articles
FROM weekly AS w GROUP BY w.form, w.surface ORDER BY mentions DESC, w.surface LIMIT $limit::INTEGER
