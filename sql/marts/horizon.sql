-- about: how far the archive reaches: since when it observes and up to which poll; marts read no clock but this
-- kind: whole
-- grain: one row
SELECT
  since.at AS observed_since,
  through.at AS data_through,
  week_of(through.at) AS open_week,
  week_zone() AS week_zone
FROM
  (SELECT min(coalesce(w.oldest_entry_at, w.polled_at)) AS at FROM base.windows AS w) AS since,
  (
    SELECT coalesce((SELECT max(w.polled_at) FROM base.windows AS w), (SELECT max(a.fetched_at) FROM base.articles AS a)) AS at
  ) AS through
