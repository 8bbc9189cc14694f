-- about: share of articles that have some words, week by week
-- param: words
-- param: since = 0001-01-01
-- param: until = 9999-12-31
FROM phrase($words::VARCHAR, since := $since::DATE, until := $until::DATE)
