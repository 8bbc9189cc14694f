-- about: with whom an entity is named in the last 52 weeks
-- param: entity
-- param: least = 5
FROM partners($entity::VARCHAR, since := (SELECT max(week) - 363 FROM weeks), least_articles := $least::INTEGER)
