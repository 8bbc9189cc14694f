-- about: the listed entities that most articles of the last weeks name, or of those from `since` to `until`
-- param: weeks = 12
-- param: since = ''
-- param: until = 9999-12-31
-- param: limit = 10
SELECT m.entity_id, e.name, sum(m.articles)::INTEGER AS articles
FROM weekly_mentions AS m JOIN entities AS e USING (entity_id)
WHERE m.week <= $until::DATE AND m.week >= coalesce($since::DATE,
  (SELECT max(w.week) FROM weeks AS w WHERE w.week <= $until::DATE) - 7 * ($weeks::INTEGER - 1))
GROUP BY m.entity_id, e.name HAVING sum(m.articles) > 0
ORDER BY articles DESC, m.entity_id LIMIT $limit::INTEGER
