-- about: share of articles that have some words, week by week
-- param: words
-- param: source_type = ''
-- param: region = ''
-- param: collection = ''
-- param: since = 0001-01-01
-- param: until = 9999-12-31
FROM phrase($words::VARCHAR, source_type := $source_type::VARCHAR, region := $region::VARCHAR,
  collection := $collection::VARCHAR, since := $since::DATE, until := $until::DATE)
