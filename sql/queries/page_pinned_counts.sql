-- about: articles, stories and sources of every listed name in a span of weeks as an earlier copy had them
-- param: vintage
-- param: since = 0001-01-01
-- param: until = 9999-12-31
SELECT k.week, k.entity_id, e.name, e.acronym, e.kind, e.iso3, arg_max(k.articles, k.vintage) AS articles,
  arg_max(k.stories, k.vintage) AS stories, arg_max(k.sources, k.vintage) AS sources
FROM base.vintage_counts AS k JOIN main.entities AS e ON e.entity_id = k.entity_id
WHERE k.vintage <= $vintage::INTEGER AND k.week BETWEEN $since::DATE AND $until::DATE
GROUP BY ALL
ORDER BY k.week, k.entity_id
