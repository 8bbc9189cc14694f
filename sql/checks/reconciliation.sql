-- about: an entry without a known outcome, so that discovered = stored + duplicate + refused + failed + pending fails
-- Zero: each run's entries are counted by outcome, an outcome outside the five would be lost from the sum.
SELECT run_id, outcome, count(*) AS entries
FROM base.entries
WHERE outcome NOT IN ('stored', 'duplicate', 'refused', 'failed', 'pending')
  OR (outcome IN ('refused', 'failed') AND reason IS NULL)
GROUP BY run_id, outcome
