-- about: articles that name any member of a bloc, week by week
-- param: name
-- param: since = 0001-01-01
-- param: until = 9999-12-31
FROM bloc($name::VARCHAR, since := $since::DATE, until := $until::DATE)
