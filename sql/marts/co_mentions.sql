-- about: articles, and sentences within them, that name two entities
-- kind: weeks
-- grain: week, entity_a, entity_b (a before b in the alphabet)
-- A sentence counts once for a pair, however often it names them.
SELECT a.week, a.entity_id AS entity_a, b.entity_id AS entity_b, count(*)::INTEGER AS articles,
  sum(bit_count(a.sentences & b.sentences))::INTEGER AS sentences
FROM mart.article_entities AS a
JOIN mart.article_entities AS b ON b.article_id = a.article_id AND b.week = a.week AND b.entity_id > a.entity_id
WHERE a.week IN (SELECT week FROM build_weeks) AND b.week IN (SELECT week FROM build_weeks)
GROUP BY a.week, a.entity_id, b.entity_id
ORDER BY a.week, entity_a, entity_b
