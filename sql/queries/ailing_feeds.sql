-- about: feeds that fail, are silent against their own habit, or moved, with what to do
SELECT h.feed_id, h.status, h.consecutive_failures AS failures, h.last_ok_at::DATE AS last_ok, h.advice
FROM feed_health AS h
WHERE h.is_active AND h.advice <> 'Well.'
ORDER BY h.consecutive_failures DESC, h.feed_id
