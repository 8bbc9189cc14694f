-- about: articles, and sentences within them, that name two entities
-- kind: weeks
-- grain: week, entity_a, entity_b (a before b in the alphabet)
-- A sentence counts once for a pair, however often it names them.
WITH pairs AS (
  SELECT a.week, a.entity_id AS entity_a, b.entity_id AS entity_b, count(*)::INTEGER AS articles
  FROM mart.article_entities AS a
  JOIN mart.article_entities AS b ON b.article_id = a.article_id AND b.entity_id > a.entity_id
  WHERE a.week IN (SELECT week FROM build_weeks) AND b.week IN (SELECT week FROM build_weeks)
  GROUP BY a.week, a.entity_id, b.entity_id
), named AS (
  SELECT m.week, m.article_id, m.sentence_start + CASE m.field WHEN 'title' THEN -1000000 ELSE 0 END AS sentence, m.entity_id
  FROM base.mentions AS m
  SEMI JOIN mart.article_entities AS x ON x.article_id = m.article_id AND x.entity_id = m.entity_id AND x.week = m.week
  WHERE m.counted AND m.week IN (SELECT week FROM build_weeks)
  GROUP BY ALL
), together AS (
  SELECT a.week, a.entity_id AS entity_a, b.entity_id AS entity_b, count(*)::INTEGER AS sentences
  FROM named AS a
  JOIN named AS b ON b.article_id = a.article_id AND b.sentence = a.sentence AND b.entity_id > a.entity_id
  GROUP BY a.week, a.entity_id, b.entity_id
)
SELECT p.week, p.entity_a, p.entity_b, p.articles, coalesce(t.sentences, 0) AS sentences
FROM pairs AS p
LEFT JOIN together AS t ON t.week = p.week AND t.entity_a = p.entity_a AND t.entity_b = p.entity_b
ORDER BY p.week, p.entity_a, p.entity_b
