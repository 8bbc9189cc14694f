-- about: the open week so far, against what was known of the eight weeks before at the same age
-- kind: whole
-- grain: entity_id
-- Age counts from the week's Monday to the last poll; an article was known at an age when it was first seen by then. Weeks
-- that the archive was not yet polling in at that age are left out: what it found of them later says nothing.
WITH age AS (
  SELECT h.open_week, h.data_through - day_start(h.open_week) AS age,
    coalesce((SELECT min(w.polled_at) FROM base.windows AS w), '-infinity'::TIMESTAMPTZ) AS polls_since
  FROM mart.horizon AS h
), known AS (
  SELECT week, day_start(week) + age AS until
  FROM (SELECT (g.open_week - (7 * k)::INTEGER)::DATE AS week, g.age FROM age AS g CROSS JOIN range(9) AS t(k))
), articles AS (
  SELECT o.week, o.article_id
  FROM mart.observed AS o JOIN known AS k ON k.week = o.week AND o.first_seen_at <= k.until
), totals AS (
  SELECT w.week, count(a.article_id) AS observed
  FROM mart.weeks AS w CROSS JOIN age AS g
  LEFT JOIN articles AS a ON a.week = w.week
  WHERE w.week = g.open_week
    OR (w.week BETWEEN g.open_week - 56 AND g.open_week - 7 AND w.state <> 'unobserved' AND day_start(w.week) + g.age >= g.polls_since)
  GROUP BY w.week
), named AS (
  SELECT a.week, x.entity_id, count(*) AS n
  FROM mart.article_entities AS x JOIN articles AS a USING (article_id)
  WHERE x.week >= (SELECT open_week - 56 FROM age)
  GROUP BY a.week, x.entity_id
)
SELECT g.open_week AS week, e.entity_id,
  coalesce(sum(n.n) FILTER (t.week = g.open_week), 0)::INTEGER AS articles,
  coalesce(sum(t.observed) FILTER (t.week = g.open_week), 0)::INTEGER AS observed_articles,
  count(t.week) FILTER (t.week < g.open_week)::INTEGER AS earlier_weeks,
  coalesce(sum(n.n) FILTER (t.week < g.open_week), 0)
    / nullif(count(t.week) FILTER (t.week < g.open_week), 0) AS same_age_articles,
  coalesce(sum(n.n) FILTER (t.week < g.open_week), 0)
    / nullif(sum(t.observed) FILTER (t.week < g.open_week), 0)::DOUBLE AS same_age_share
FROM age AS g
CROSS JOIN base.entities AS e
LEFT JOIN totals AS t ON true
LEFT JOIN named AS n ON n.week = t.week AND n.entity_id = e.entity_id
WHERE e.listed AND e.kind IN ('country', 'historical', 'organisation')
GROUP BY g.open_week, e.entity_id
ORDER BY e.entity_id
