-- about: the listed entities that most articles of the last weeks name
-- param: weeks = 12
-- param: limit = 10
SELECT m.entity_id, e.name, sum(m.articles)::INTEGER AS articles
FROM weekly_mentions AS m JOIN entities AS e USING (entity_id)
WHERE m.week > (SELECT max(w.week) FROM weeks AS w) - 7 * $weeks::INTEGER
GROUP BY m.entity_id, e.name HAVING sum(m.articles) > 0
ORDER BY articles DESC, m.entity_id LIMIT $limit::INTEGER
