-- about: what an earlier copy was: when it was published, how far its weeks reached; and which copies are still kept
-- param: vintage
SELECT $vintage::INTEGER AS vintage, v.published_at, v.gazetteer, v.articles, v.mentions,
  (SELECT max(a.vintage) FROM base.vintages AS a) AS newest, (SELECT min(a.vintage) FROM base.vintages AS a) AS oldest,
  max(k.week) AS open_week, min(k.week) AS first_week, greatest(count(DISTINCT k.week) - 1, 0) AS complete_weeks,
  (
    SELECT max(s.week) FROM (
      SELECT w.week, arg_max(w.state, w.vintage) AS state FROM base.vintage_weeks AS w
      WHERE w.vintage <= $vintage::INTEGER GROUP BY w.week
    ) AS s
    WHERE s.state <> 'unobserved'
      AND s.week < (SELECT max(o.week) FROM base.vintage_weeks AS o WHERE o.vintage <= $vintage::INTEGER)
  ) AS last_week
FROM (SELECT 1) AS one
LEFT JOIN base.vintages AS v ON v.vintage = $vintage::INTEGER
LEFT JOIN base.vintage_weeks AS k ON k.vintage <= v.vintage
GROUP BY ALL
