-- about: how a name was written in a span of weeks: each form and surface with its mentions and articles
-- param: entity
-- param: since = 0001-01-01
-- param: until = 9999-12-31
-- param: limit = 20
SELECT m.form, m.surface, count(*)::INTEGER AS mentions, count(DISTINCT m.article_id)::INTEGER AS articles
FROM base.mentions AS m
SEMI JOIN mart.article_entities AS x ON x.article_id = m.article_id AND x.entity_id = m.entity_id AND x.week = m.week
WHERE m.entity_id = $entity::VARCHAR AND m.counted AND m.week BETWEEN $since::DATE AND $until::DATE
GROUP BY m.form, m.surface ORDER BY mentions DESC, m.surface LIMIT $limit::INTEGER
