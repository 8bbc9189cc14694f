-- about: names and spellings that begin with or hold the words
-- param: words
-- param: limit = 20
SELECT e.entity_id, e.name, e.kind, e.acronym, list(DISTINCT l.alias ORDER BY l.alias)[1:4] AS aliases,
  min(CASE WHEN lower(e.name) = lower($words::VARCHAR) OR lower(e.acronym) = lower($words::VARCHAR) OR lower(e.entity_id) = lower($words::VARCHAR) THEN 0
    WHEN lower(l.alias) = lower($words::VARCHAR) THEN 1 WHEN starts_with(lower(e.name), lower($words::VARCHAR)) THEN 2
    WHEN starts_with(lower(l.alias), lower($words::VARCHAR)) THEN 3 ELSE 4 END) AS rank
FROM main.entities AS e LEFT JOIN main.aliases AS l ON l.entity_id = e.entity_id
WHERE e.listed AND e.kind IN ('country', 'historical', 'organisation')
  AND (contains(lower(e.name), lower($words::VARCHAR)) OR contains(lower(l.alias), lower($words::VARCHAR))
    OR lower(e.acronym) = lower($words::VARCHAR) OR lower(e.entity_id) = lower($words::VARCHAR))
GROUP BY e.entity_id, e.name, e.kind, e.acronym ORDER BY rank, e.name LIMIT $limit::INTEGER
