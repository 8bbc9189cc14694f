-- about: languages in which the gazetteer can count: it names at least half of the countries in them, so that an absence
--   in such a text means something
-- kind: whole
-- grain: language
SELECT lower(l.language) AS language, count(DISTINCT l.entity_id)::INTEGER AS countries
FROM base.aliases AS l
JOIN base.entities AS e ON e.entity_id = l.entity_id AND e.kind = 'country'
GROUP BY lower(l.language)
HAVING 2 * count(DISTINCT l.entity_id) >= (SELECT count(*) FROM base.entities AS c WHERE c.kind = 'country' AND c.listed)
