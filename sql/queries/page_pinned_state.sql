-- about: what an earlier copy was: when it was published, how far its weeks reached; and which copies are still kept
-- param: vintage
WITH weeks AS (
  SELECT k.week, arg_max(k.state, k.vintage) AS state FROM base.vintage_weeks AS k
  WHERE k.vintage <= $vintage::INTEGER GROUP BY k.week HAVING arg_max(k.state, k.vintage) <> 'gone'
), reach AS (
  SELECT max(w.week) AS open_week, min(w.week) AS first_week, greatest(count(*) - 1, 0) AS complete_weeks FROM weeks AS w
)
SELECT $vintage::INTEGER AS vintage, v.published_at, v.gazetteer, v.articles, v.mentions,
  (SELECT max(a.vintage) FROM base.vintages AS a) AS newest, (SELECT min(a.vintage) FROM base.vintages AS a) AS oldest,
  coalesce((SELECT max(p.polled_at) FROM base.windows AS p WHERE p.polled_at <= v.published_at), v.published_at) AS data_through,
  r.open_week, r.first_week, r.complete_weeks,
  (SELECT max(w.week) FROM weeks AS w WHERE w.state <> 'unobserved' AND w.week < r.open_week) AS last_week
FROM reach AS r LEFT JOIN base.vintages AS v ON v.vintage = $vintage::INTEGER
