-- about: every active feed as the last run left it: new entries, failures and what to do, the troubled ones first
SELECT h.feed_id, h.status, coalesce(n.new_entries, 0)::INTEGER AS new_entries, h.consecutive_failures, h.last_ok_at, h.advice
FROM feed_health AS h
LEFT JOIN (
  SELECT feed_id, count(*) AS new_entries FROM entries
  WHERE run_id = (SELECT run_id FROM runs ORDER BY started_at DESC LIMIT 1) GROUP BY feed_id
) AS n USING (feed_id)
WHERE h.is_active ORDER BY h.consecutive_failures DESC, new_entries DESC, h.feed_id
