-- about: a run whose entries do not add up: discovered = stored + duplicate + refused + failed + pending
-- Zero: a run's entries are counted by outcome when it ends, and later only their outcomes change, never their number.
SELECT run_id, outcome, count(*) AS entries
FROM base.entries
WHERE outcome NOT IN ('stored', 'duplicate', 'refused', 'failed', 'pending')
  OR (outcome IN ('refused', 'failed') AND reason IS NULL)
GROUP BY run_id, outcome
UNION ALL
SELECT r.run_id, 'sum', r.discovered
FROM base.runs AS r
LEFT JOIN (SELECT run_id, count(*) AS entries FROM base.entries GROUP BY run_id) AS e ON e.run_id = r.run_id
WHERE r.finished_at IS NOT NULL
  AND (r.discovered <> r.stored + r.duplicate + r.refused + r.failed + r.pending OR r.discovered <> coalesce(e.entries, 0))
