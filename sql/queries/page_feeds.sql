-- about: every feed with its health and what to do about it; one source's feeds when a source is given
-- param: source = ''
SELECT h.feed_id, f.name, f.url, f.publisher, f.source_type, f.region, f.language, h.status, h.is_active, f.last_poll_at,
  h.last_ok_at, h.consecutive_failures, h.note, h.advice, h.polls, h.failures, h.weekly_articles, h.words,
  h.not_full_share, h.content_age_days
FROM mart.feed_health AS h JOIN main.feeds AS f ON f.feed_id = h.feed_id
WHERE $source::VARCHAR IS NULL OR f.publisher = $source::VARCHAR
ORDER BY h.is_active DESC, h.advice = 'Well.', h.consecutive_failures DESC, f.publisher, f.name
