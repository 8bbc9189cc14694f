-- about: with whom an entity is named, over the last 52 weeks or since a day
-- param: entity
-- param: least = 5
-- param: since = ''
-- param: until = 9999-12-31
FROM partners($entity::VARCHAR, since := coalesce($since::DATE, (SELECT max(week) - 357 FROM weeks)), until := $until::DATE,
  least_articles := $least::INTEGER)
