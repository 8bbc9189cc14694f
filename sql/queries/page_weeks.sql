-- about: weeks of the shown range with how many sources were seen
-- param: since = 0001-01-01
-- param: until = 9999-12-31
SELECT w.week, w.state, w.is_open, w.is_provisional, w.sources, w.sources_observed, w.sources_partial, w.sources_unobserved,
  w.articles, w.observed_articles, w.partial_articles, w.metadata_articles
FROM mart.weeks AS w WHERE w.week BETWEEN $since::DATE AND $until::DATE ORDER BY w.week
