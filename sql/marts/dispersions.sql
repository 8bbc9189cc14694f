-- about: how much more the articles of one source move together than independent ones would, by block of 13 weeks
-- kind: blocks
-- grain: week (the block's first Monday), entity_id
-- For source s and week w the residual is r = x - p n: articles naming the entity, less the week's share of the
-- source's articles. A source's mean residual over the block is its own lasting habit, not noise, and is taken out;
-- what is left, against the binomial variance, is the dispersion (squares / expected). Because p is estimated from the
-- same articles, a source of weight w has E r2 = (1 - 2w) v + w2 V, where v is its own variance and V that of all: solved
-- for V, which holds whatever one source writes of the whole. One or two sources tell nothing of it (the divisor is zero),
-- nor does one that writes nearly all: then there is no row. Blocks that are not over are left out.
WITH shares AS (
  SELECT block_start(m.week) AS block, m.week, m.entity_id, m.share AS p, m.observed_articles AS n
  FROM mart.weekly_mentions AS m
  JOIN mart.weeks AS w ON w.week = m.week AND NOT w.is_open
  WHERE block_start(m.week) IN (SELECT week FROM build_weeks) AND m.share > 0 AND m.share < 1
), kept AS (
  SELECT block, entity_id, sum(n * p * (1 - p)) AS expected FROM shares GROUP BY block, entity_id HAVING sum(n * p) >= 13
), source_articles AS (
  SELECT s.week, s.publisher, s.observed_articles AS n FROM mart.source_weeks AS s
  WHERE s.observed_articles > 0 AND block_start(s.week) IN (SELECT week FROM build_weeks)
), weights AS (
  SELECT block, publisher, w * w AS w2, CASE WHEN abs(1 - 2 * w) < 0.02 THEN 0.02 ELSE 1 - 2 * w END AS own
  FROM (
    SELECT block, publisher, n / sum(n) OVER (PARTITION BY block) AS w
    FROM (SELECT block_start(week) AS block, publisher, sum(n) AS n FROM source_articles GROUP BY ALL)
  )
), entity_rows AS (
  SELECT e.block, e.entity_id, list(coalesce(x.p, 0) ORDER BY w.week) AS p,
    list(coalesce(x.p * x.p, 0) ORDER BY w.week) AS p2
  FROM kept AS e
  JOIN (SELECT DISTINCT block, week FROM shares) AS w ON w.block = e.block
  LEFT JOIN shares AS x ON x.week = w.week AND x.entity_id = e.entity_id
  GROUP BY e.block, e.entity_id
), source_rows AS (
  SELECT w.block, s.publisher, list(coalesce(x.n, 0)::DOUBLE ORDER BY w.week) AS n,
    list((coalesce(x.n, 0) * coalesce(x.n, 0))::DOUBLE ORDER BY w.week) AS n2, count(x.n) AS weeks
  FROM (SELECT DISTINCT block, week FROM shares) AS w
  JOIN (SELECT DISTINCT block_start(week) AS block, publisher FROM source_articles) AS s ON s.block = w.block
  LEFT JOIN source_articles AS x ON x.week = w.week AND x.publisher = s.publisher
  GROUP BY w.block, s.publisher HAVING count(x.n) >= 2
), usual AS (
  SELECT e.block, e.entity_id, s.publisher, s.weeks, list_inner_product(e.p, s.n) AS pn,
    list_inner_product(e.p2, s.n2) AS pn2
  FROM entity_rows AS e JOIN source_rows AS s ON s.block = e.block
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
  greatest(0, sum((u.pn2 + coalesce(f.crossed, 0) - pow(coalesce(f.x, 0) - u.pn, 2) / u.weeks) * u.weeks / (u.weeks - 1)
    / w.own) / (1 + sum(w.w2 / w.own))) AS squares,
  any_value(k.expected) AS expected
FROM usual AS u
JOIN kept AS k ON k.block = u.block AND k.entity_id = u.entity_id
JOIN weights AS w ON w.block = u.block AND w.publisher = u.publisher
LEFT JOIN found AS f ON f.block = u.block AND f.entity_id = u.entity_id AND f.publisher = u.publisher
GROUP BY u.block, u.entity_id HAVING abs(1 + sum(w.w2 / w.own)) >= 0.05
ORDER BY week, u.entity_id
