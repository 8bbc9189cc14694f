-- about: articles that name each country in a span of weeks
-- param: since = 0001-01-01
-- param: until = 9999-12-31
SELECT e.entity_id, e.iso3, e.name, sum(m.articles)::INTEGER AS articles, sum(m.observed_articles)::INTEGER AS observed_articles
FROM mart.weekly_mentions AS m JOIN main.entities AS e ON e.entity_id = m.entity_id
WHERE e.kind = 'country' AND m.week BETWEEN $since::DATE AND $until::DATE
GROUP BY ALL ORDER BY articles DESC, e.name
