-- about: what became of all entries, by outcome and reason
SELECT e.outcome, coalesce(e.reason, '') AS reason, count(*)::INTEGER AS entries
FROM main.entries AS e GROUP BY ALL ORDER BY entries DESC
