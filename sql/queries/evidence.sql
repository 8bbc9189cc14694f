-- about: the sentences behind one point: an entity and the Monday of a week
-- param: entity
-- param: week
SELECT published_at, publisher, title, surface, sentence, zone, url FROM evidence($entity::VARCHAR, $week::DATE)
