-- about: the weeks of a span as an earlier copy had them: how much was seen, and out of how many articles
-- param: vintage
-- param: since = 0001-01-01
-- param: until = 9999-12-31
SELECT k.week, arg_max(k.state, k.vintage) AS state, arg_max(k.observed_articles, k.vintage) AS observed_articles,
  k.week = (SELECT max(o.week) FROM base.vintage_weeks AS o WHERE o.vintage <= $vintage::INTEGER) AS is_open
FROM base.vintage_weeks AS k
WHERE k.vintage <= $vintage::INTEGER AND k.week BETWEEN $since::DATE AND $until::DATE
GROUP BY k.week
ORDER BY k.week
