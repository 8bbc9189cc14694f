-- about: the blocs that a country is or was a member of
-- param: entity
SELECT m.bloc_id, e.name, e.acronym, m.valid_from, m.valid_to
FROM main.memberships AS m JOIN main.entities AS e ON e.entity_id = m.bloc_id
WHERE m.entity_id = $entity::VARCHAR ORDER BY m.valid_to IS NOT NULL, e.name
