-- about: the weeks of a span as an earlier copy had them: how much was seen, and out of how many articles
-- param: vintage
-- param: since = 0001-01-01
-- param: until = 9999-12-31
-- Whole rows, so that a copy that an earlier version published is read too: its rows say nothing of sources.
WITH known AS (
  SELECT unnest(arg_max(k, k.vintage)) FROM base.vintage_weeks AS k WHERE k.vintage <= $vintage::INTEGER GROUP BY k.week
)
SELECT w.* EXCLUDE (vintage), w.week = (SELECT max(o.week) FROM known AS o WHERE o.state <> 'gone') AS is_open
FROM known AS w WHERE w.state <> 'gone' AND w.week BETWEEN $since::DATE AND $until::DATE
ORDER BY w.week
