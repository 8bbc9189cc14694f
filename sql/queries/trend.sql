-- about: one entity week by week, by id or name
-- param: entity
-- param: since = 0001-01-01
-- param: until = 9999-12-31
FROM trend($entity::VARCHAR, since := $since::DATE, until := $until::DATE)
