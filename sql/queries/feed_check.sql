-- about: every feed's health with its figures: poll and content age, silence against its habit, failures, volume, text length
SELECT feed_id, publisher, status, is_active, last_ok_at, poll_age_days, content_age_days, usual_gap_days, polls, failures,
  usual_failure, consecutive_failures, unchanged_share, weekly_articles, usual_weekly_articles, words, usual_words,
  not_full_share, moved_to, note, advice
FROM feed_health
ORDER BY NOT is_active, advice = 'Well.', consecutive_failures DESC, feed_id
