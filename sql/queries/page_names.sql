-- about: every listed name that a page can show, the most named of the last year first
SELECT e.entity_id, e.kind, e.name, e.acronym, e.iso2, e.iso3, e.region, e.successor_id, e.subkind,
  coalesce(sum(m.articles), 0)::BIGINT AS articles
FROM main.entities AS e
LEFT JOIN mart.weekly_mentions AS m ON m.entity_id = e.entity_id
  AND m.week >= (SELECT max(w.week) - 371 FROM mart.weeks AS w)
WHERE e.listed AND e.kind IN ('country', 'historical', 'organisation')
GROUP BY ALL
ORDER BY articles DESC, e.name
