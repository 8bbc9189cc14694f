-- about: the last runs with what became of every entry that they discovered
-- param: limit = 20
SELECT r.run_id, r.started_at, r.finished_at, r.outcome, r.feeds_due, r.feeds_ok, r.feeds_failed, r.discovered, r.stored,
  r.duplicate, r.refused, r.failed, r.pending, r.articles, r.mentions
FROM main.runs AS r ORDER BY r.started_at DESC LIMIT $limit::INTEGER
