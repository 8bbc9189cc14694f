-- about: how much of each source's week its polls could see: observed, partial or unobserved, with what they found
-- kind: weeks
-- grain: week, publisher
-- A successful poll sees from its oldest dated entry to itself; an undated one joins the poll before it
-- if that was within 31 days. What joins is
-- one span; a gap between two good polls stays a gap. A source is observed when the spans of all its feeds fill at least
-- 99 % of the week (a poll a few minutes late at a gap's edge is no outage). Of the open week only the time up to a day
-- before the last poll of all is asked for, because a feed may rest that long (on its first day, the second before that).
-- Nor is it when more than a tenth of the articles that its feeds announced and that could be counted are missing: their
-- pages wait to be fetched, or an outage kept them. What a source withholds (a wall, a page taken down) lacks in every week
-- alike and is no gap.
WITH spans AS (
  SELECT week, day_start(week) AS since, day_start(week + 7) AS until FROM build_weeks
), polls AS (
  SELECT w.feed_id, w.polled_at AS until, w.oldest_entry_at,
    lag(w.polled_at) OVER (PARTITION BY w.feed_id ORDER BY w.polled_at) AS last_at
  FROM base.windows AS w
  WHERE w.polled_at >= (
    SELECT least(min(s.since), any_value(h.data_through) - INTERVAL 1 DAY) FROM spans AS s, mart.horizon AS h
  ) - INTERVAL 32 DAYS
), windows AS (
  SELECT feed_id, until,
    coalesce(oldest_entry_at, CASE WHEN last_at > until - INTERVAL 31 DAYS THEN last_at END, until) AS since
  FROM polls
), islands AS (
  SELECT feed_id, min(since) AS since, max(until) AS until
  FROM (
    SELECT *, sum(is_new) OVER (PARTITION BY feed_id ORDER BY since, until ROWS UNBOUNDED PRECEDING) AS island
    FROM (
      SELECT *, CASE WHEN since <= max(until) OVER (
        PARTITION BY feed_id ORDER BY since, until ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) THEN 0 ELSE 1
      END AS is_new
      FROM windows
    )
  ) GROUP BY feed_id, island
), asked AS (
  SELECT b.week, f.feed_id, f.publisher, b.until AS week_end,
    least(b.since, h.data_through - INTERVAL '1 day 1 second') AS since,
    least(b.until, f.retired_at, CASE WHEN b.week = h.open_week THEN h.data_through - INTERVAL 1 DAY END) AS until
  FROM spans AS b
  CROSS JOIN mart.horizon AS h
  JOIN (
    SELECT feed_id, min(coalesce(oldest_entry_at, polled_at)) AS since FROM base.windows GROUP BY feed_id
  ) AS first
    ON first.since < b.until
  JOIN base.feeds AS f ON f.feed_id = first.feed_id
    AND coalesce(f.retired_at, 'infinity'::TIMESTAMPTZ) > b.since
  WHERE b.week <= h.open_week
), seen AS (
  SELECT a.week, a.feed_id, a.publisher, greatest(epoch(a.until) - epoch(a.since), 1) AS asked_seconds,
    coalesce(sum(greatest(0, epoch(least(i.until, a.until)) - epoch(greatest(i.since, a.since))))
      FILTER (i.feed_id IS NOT NULL), 0) AS seen_seconds
  FROM asked AS a
  LEFT JOIN islands AS i ON i.feed_id = a.feed_id AND i.since < a.week_end AND i.until > a.since
  GROUP BY ALL
), covered AS (
  SELECT week, publisher, count(*)::INTEGER AS feeds,
    avg(least(1, seen_seconds / asked_seconds)) AS covered,
    min(least(1, seen_seconds / asked_seconds)) AS least_covered
  FROM seen GROUP BY week, publisher
), found AS (
  SELECT a.week, f.publisher, count(*)::INTEGER AS articles, count(o.article_id)::INTEGER AS observed_articles,
    count(*) FILTER (a.status = 'metadata')::INTEGER AS metadata_articles,
    count(*) FILTER (a.status = 'partial')::INTEGER AS partial_articles,
    -- for a failure that passes, as the retries of pages have it, or one of our own workers
    count(*) FILTER (a.status = 'metadata' AND (a.reason LIKE 'http_5%' OR a.reason LIKE 'worker_%'
      OR a.reason IN ('timeout', 'connection', 'dns', 'http_408', 'http_425', 'http_429')))::INTEGER AS unread_articles
  FROM base.articles AS a
  JOIN base.feeds AS f USING (feed_id)
  LEFT JOIN (SELECT article_id FROM mart.observed WHERE week IN (SELECT week FROM build_weeks)) AS o
    ON o.article_id = a.article_id
  WHERE a.week IN (SELECT week FROM build_weeks)
  GROUP BY a.week, f.publisher
), waiting AS (
  SELECT e.week, f.publisher, count(DISTINCT e.link_id)::INTEGER AS articles
  FROM (
    -- in the week that its article would get: a date without a time is in no zone, an old one without any in no week
    SELECT feed_id, link_id, CASE
        WHEN date_only THEN date_trunc('week', published_at AT TIME ZONE 'UTC')::DATE
        WHEN published_at IS NOT NULL THEN week_of(published_at)
        WHEN NOT (is_first_poll OR is_backfilled) THEN week_of(first_seen_at)
      END AS week
    FROM base.entries WHERE outcome = 'pending'
  ) AS e
  JOIN base.feeds AS f USING (feed_id)
  WHERE e.week IN (SELECT week FROM build_weeks)
  GROUP BY e.week, f.publisher
)
SELECT
  coalesce(c.week, n.week) AS week, coalesce(c.publisher, n.publisher) AS publisher,
  CASE
    WHEN coalesce(c.least_covered, 0) >= 0.99
      AND coalesce(n.unread_articles, 0) + coalesce(p.articles, 0)
        <= 0.1 * (coalesce(n.observed_articles, 0) + coalesce(n.unread_articles, 0) + coalesce(p.articles, 0)) THEN 'observed'
    WHEN coalesce(c.covered, 0) > 0 OR coalesce(n.observed_articles, 0) > 0 THEN 'partial'
    ELSE 'unobserved'
  END AS state,
  round(coalesce(c.covered, 0), 4) AS covered,
  coalesce(c.feeds, 0)::INTEGER AS feeds,
  coalesce(n.articles, 0)::INTEGER AS articles,
  coalesce(n.observed_articles, 0)::INTEGER AS observed_articles,
  coalesce(n.partial_articles, 0)::INTEGER AS partial_articles,
  coalesce(n.metadata_articles, 0)::INTEGER AS metadata_articles,
  (coalesce(n.unread_articles, 0) + coalesce(p.articles, 0))::INTEGER AS missing_articles
FROM covered AS c
FULL JOIN found AS n ON n.week = c.week AND n.publisher = c.publisher
LEFT JOIN waiting AS p ON p.week = coalesce(c.week, n.week) AND p.publisher = coalesce(c.publisher, n.publisher)
ORDER BY week, publisher
