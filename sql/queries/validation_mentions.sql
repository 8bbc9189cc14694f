-- about: the mentions of listed names in some articles for a validation sheet, those that are not counted too
-- param: articles = []
SELECT m.article_id, m.entity_id, e.name, e.kind, m.field, m.char_start, m.char_end, m.counted
FROM main.mentions AS m JOIN main.entities AS e ON e.entity_id = m.entity_id
WHERE list_contains($articles::BIGINT[], m.article_id)
  AND e.listed AND e.kind IN ('country', 'historical', 'organisation')
ORDER BY m.article_id, m.field DESC, m.char_start, m.entity_id
