-- about: every feed's health with what to do
SELECT feed_id, status, last_ok_at, consecutive_failures, content_age_days, weekly_articles, advice FROM feed_health
ORDER BY advice = 'Well.', feed_id
