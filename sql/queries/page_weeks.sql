-- about: weeks of the shown range with how many sources were seen
-- param: since = 0001-01-01
-- param: until = 9999-12-31
SELECT w.* EXCLUDE (tagger_version)
FROM mart.weeks AS w WHERE w.week BETWEEN $since::DATE AND $until::DATE ORDER BY w.week
