-- about: the name of an entity
-- param: entity
SELECT name FROM entities WHERE entity_id = entity_of($entity::VARCHAR)
