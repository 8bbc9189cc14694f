-- about: how much more the articles of one source move together than independent ones would, by block of 13 weeks
-- kind: blocks
-- grain: week (the block's first Monday), entity_id
-- For source s and week w the residual is r = x - p n: articles naming the entity, less the week's share of the source's
-- articles. A source's mean residual over the block is its own lasting habit, not noise, and is taken out; what is left,
-- against the binomial variance, is the dispersion (squares / expected). Divided by one less the concentration of the
-- sources, because p is estimated from the same articles. Weeks of the block that are not over are left out.
WITH shares AS (
  SELECT block_start(m.week) AS block, m.week, m.entity_id, m.share AS p, m.observed_articles AS n
  FROM mart.weekly_mentions AS m
  JOIN mart.weeks AS w ON w.week = m.week AND NOT w.is_open
  WHERE block_start(m.week) IN (SELECT week FROM build_weeks) AND m.share > 0 AND m.share < 1
), kept AS (
  SELECT block, entity_id, sum(n * p * (1 - p)) AS expected FROM shares GROUP BY block, entity_id HAVING sum(n * p) >= 13
), source_articles AS (
  SELECT s.week, s.publisher, s.observed_articles AS n FROM mart.source_weeks AS s WHERE s.observed_articles > 0
), concentration AS (
  SELECT block_start(week) AS block, least(0.9, avg(h)) AS h
  FROM (SELECT week, sum(n * n) / pow(sum(n), 2) AS h FROM source_articles GROUP BY week) GROUP BY ALL
), usual AS (
  SELECT e.block, e.entity_id, s.publisher, count(*) AS weeks, sum(e.p * s.n) AS pn, sum(pow(e.p * s.n, 2)) AS pn2
  FROM shares AS e SEMI JOIN kept AS k ON k.block = e.block AND k.entity_id = e.entity_id
  JOIN source_articles AS s ON s.week = e.week
  GROUP BY e.block, e.entity_id, s.publisher
), found AS (
  SELECT e.block, e.entity_id, s.publisher, sum(x.articles) AS x,
    sum(x.articles * x.articles - 2 * e.p * s.n * x.articles) AS crossed
  FROM mart.source_mentions AS x
  JOIN shares AS e ON e.week = x.week AND e.entity_id = x.entity_id
  SEMI JOIN kept AS k ON k.block = e.block AND k.entity_id = e.entity_id
  JOIN source_articles AS s ON s.week = x.week AND s.publisher = x.publisher
  GROUP BY e.block, e.entity_id, s.publisher
)
SELECT u.block AS week, u.entity_id,
  sum((u.pn2 + coalesce(f.crossed, 0) - pow(coalesce(f.x, 0) - u.pn, 2) / u.weeks) * u.weeks / (u.weeks - 1))
    / (1 - any_value(c.h)) AS squares,
  any_value(k.expected) AS expected
FROM usual AS u
JOIN kept AS k ON k.block = u.block AND k.entity_id = u.entity_id
JOIN concentration AS c ON c.block = u.block
LEFT JOIN found AS f ON f.block = u.block AND f.entity_id = u.entity_id AND f.publisher = u.publisher
WHERE u.weeks >= 2
GROUP BY u.block, u.entity_id
ORDER BY week, u.entity_id
