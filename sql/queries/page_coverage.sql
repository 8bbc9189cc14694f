-- about: how much of each source's weeks was seen, for a span of weeks
-- param: since = 0001-01-01
-- param: until = 9999-12-31
SELECT s.publisher, s.week, s.* EXCLUDE (publisher, week, feeds, articles, partial_articles, metadata_articles)
FROM mart.source_weeks AS s WHERE s.week BETWEEN $since::DATE AND $until::DATE ORDER BY s.publisher, s.week
