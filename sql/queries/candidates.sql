-- about: organisations that the gazetteer does not have, by how widely they are written of
-- param: limit = 30
SELECT e.name, count(DISTINCT m.article_id) AS articles, count(DISTINCT a.publisher) AS publishers,
  count(*) AS mentions, any_value(m.rule) AS rule, m.entity_id
FROM mentions AS m JOIN entities AS e USING (entity_id) JOIN articles AS a USING (article_id)
WHERE NOT e.listed AND m.counted
GROUP BY m.entity_id, e.name
ORDER BY publishers DESC, articles DESC, mentions DESC, e.name
LIMIT $limit::INTEGER
