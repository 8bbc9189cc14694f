-- about: one source's weeks: how much of each was seen and what it gave
-- param: source
-- param: since = 0001-01-01
-- param: until = 9999-12-31
SELECT s.* EXCLUDE (publisher, feeds), w.is_open
FROM mart.source_weeks AS s JOIN mart.weeks AS w ON w.week = s.week
WHERE s.publisher = $source::VARCHAR AND s.week BETWEEN $since::DATE AND $until::DATE ORDER BY s.week
