-- about: weeks in which an entity stood in far more stories than usual, newest first
-- param: limit = 50
FROM spikes ORDER BY week DESC, odds DESC, entity_id LIMIT $limit::INTEGER
