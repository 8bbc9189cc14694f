-- about: the last runs with what became of every entry
-- param: limit = 20
FROM runs ORDER BY started_at DESC LIMIT $limit::INTEGER
