-- about: how each feed fares, with a plain sentence of what to do
-- kind: view
-- grain: feed_id
WITH fetched AS (
  SELECT f.feed_id, count(*) AS polls, count(*) FILTER (f.outcome = 'not_modified') / count(*)::DOUBLE AS unchanged_share,
    count(*) FILTER (f.outcome NOT IN ('ok', 'not_modified')) AS failures,
    mode(f.outcome) FILTER (f.outcome NOT IN ('ok', 'not_modified')) AS usual_failure
  FROM base.fetches AS f CROSS JOIN mart.horizon AS h
  WHERE f.kind = 'feed' AND f.started_at > h.data_through - INTERVAL 28 DAYS GROUP BY f.feed_id
), posted AS (
  SELECT a.feed_id, max(a.published_at) AS newest_at,
    count(*) FILTER (a.week >= h.open_week - 28 AND a.week < h.open_week) / 4.0 AS weekly_articles,
    count(*) FILTER (a.week >= h.open_week - 210 AND a.week < h.open_week - 28) / 26.0 AS usual_weekly_articles,
    median(a.word_count) FILTER (a.week >= h.open_week - 28 AND a.status = 'full') AS words,
    median(a.word_count) FILTER (a.week < h.open_week - 28 AND a.week >= h.open_week - 210 AND a.status = 'full') AS usual_words,
    count(*) FILTER (a.week >= h.open_week - 28 AND a.status <> 'full')
      / nullif(count(*) FILTER (a.week >= h.open_week - 28), 0)::DOUBLE AS not_full_share
  FROM base.articles AS a CROSS JOIN mart.horizon AS h GROUP BY a.feed_id
), cadence AS (
  SELECT feed_id, quantile_cont(gap, 0.95) AS usual_gap_days FROM (
    SELECT feed_id, (epoch(published_at) - epoch(lag(published_at) OVER (PARTITION BY feed_id ORDER BY published_at))) / 86400
      AS gap FROM base.articles WHERE published_at IS NOT NULL
  ) GROUP BY feed_id HAVING count(gap) >= 5
), health AS (
  SELECT f.feed_id, f.publisher, coalesce(s.status, 'new') AS status, f.active AND f.retired_at IS NULL AS is_active,
    s.last_ok_at, s.consecutive_failures, s.note, s.moved_to,
    (epoch(h.data_through) - epoch(s.last_ok_at)) / 86400 AS poll_age_days,
    (epoch(h.data_through) - epoch(p.newest_at)) / 86400 AS content_age_days,
    c.usual_gap_days, t.polls, t.failures, t.usual_failure, t.unchanged_share, p.weekly_articles, p.usual_weekly_articles,
    p.words, p.usual_words, p.not_full_share
  FROM base.feeds AS f
  CROSS JOIN mart.horizon AS h
  LEFT JOIN base.feed_states AS s USING (feed_id)
  LEFT JOIN fetched AS t USING (feed_id)
  LEFT JOIN posted AS p USING (feed_id)
  LEFT JOIN cadence AS c USING (feed_id)
)
SELECT *,
  CASE
    WHEN NOT is_active THEN 'Retired: nothing to do; its history stays.'
    WHEN status = 'new' THEN 'Not polled yet: run a collection.'
    WHEN status = 'gone' THEN 'The site says it is gone: find a new address or retire the feed.'
    WHEN moved_to IS NOT NULL AND status = 'moved' THEN 'It moved to ' || moved_to || ': write the new address into the feeds file.'
    WHEN consecutive_failures >= 10 THEN 'It fails since long (' || coalesce(note, status) || '): look at it in a browser, then mend or retire it.'
    WHEN status LIKE 'error:%' THEN 'The last poll failed (' || coalesce(note, status) || '): wait, it is tried again.'
    WHEN words < 0.4 * usual_words THEN 'Texts became much shorter: the page changed or a paywall came up, look at an article.'
    WHEN not_full_share > 0.5 THEN 'Most articles come without full text: paywall or robots rule, only headlines are counted beside.'
    WHEN content_age_days > greatest(14, 3 * usual_gap_days) THEN 'Polls succeed but nothing new came for ' || round(content_age_days)::INTEGER || ' days, unusual for it: check whether it is still kept up.'
    WHEN usual_weekly_articles >= 2 AND weekly_articles > 3 * usual_weekly_articles THEN 'It posts three times its usual volume: check for a changed section or duplicates.'
    ELSE 'Well.'
  END AS advice
FROM health
