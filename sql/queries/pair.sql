-- about: two entities together, week by week, with lift over independence
-- param: a
-- param: b
-- param: since = 0001-01-01
-- param: until = 9999-12-31
FROM pair($a::VARCHAR, $b::VARCHAR, since := $since::DATE, until := $until::DATE)
