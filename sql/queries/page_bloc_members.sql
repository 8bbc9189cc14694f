-- about: the members of a bloc with their articles in those of a span of weeks in which they were members
-- param: since = 0001-01-01
-- param: until = 9999-12-31
-- param: bloc
SELECT m.entity_id, e.name, m.valid_from, m.valid_to, coalesce(sum(t.articles), 0)::INTEGER AS articles,
  coalesce(sum(t.mentions), 0)::INTEGER AS mentions
FROM main.memberships AS m
JOIN main.entities AS e ON e.entity_id = m.entity_id
LEFT JOIN mart.weekly_mentions AS t ON t.entity_id = m.entity_id AND t.week BETWEEN $since::DATE AND $until::DATE
  AND t.week >= coalesce(m.valid_from, DATE '0001-01-01') AND t.week < coalesce(m.valid_to, DATE '9999-12-31')
WHERE m.bloc_id = $bloc::VARCHAR GROUP BY m.entity_id, e.name, m.valid_from, m.valid_to
ORDER BY m.valid_to IS NOT NULL, articles DESC, e.name
