-- about: weeks in which an entity stands in far more stories than its own history explains
-- kind: weeks
-- reach: 92
-- grain: week, entity_id
-- Two tests must agree, in an archive of 26 weeks with 20 observed, not in an open or unobserved week, for at least five
-- stories from three sources and 2.5 times what is expected.
-- 1. Volume, after Farrington (1996) and Noufaily (2013): the rate of weeks 2 to 27 before, or of weeks 2 to 53 where that
-- is higher, past outbreaks down-weighted by their Anscombe residual beyond 2.58; three quarters of the median of the five
-- weeks a year before where those stood out by 2.5 standard errors (season, less what a median of five is off by chance);
-- a negative-binomial tail below 2 %. Its dispersion is that of the year's history, at least that of the week's interval,
-- and at least a fifth of what is expected.
-- 2. Spread: articles of one source come in clumps, news comes in many sources. Given each source's habit (its share in
-- weeks 2 to 27, drawn towards the entity's by the weight of six mentions, scaled to what is expected) and the correlation
-- that the interval's dispersion means, its count is beta-binomial. The week must be 150 times as likely at four times the
-- rate as it is at the rate itself, which moves: by two fifths of the variance that rates of the archive had in weeks 2 to
-- 27 (names of ten stories or more against their running median, no outbreaks, drawn towards a third by the weight of 100
-- such weeks; all of it would hide four times the rate in a restless archive), by half of what the season lifts it, and by
-- what it is not known better.
-- Only sources that were there in 20 of the 26 weeks count, so that a new source is no spike; only weeks of the same
-- tagger, so that a new gazetteer is none; stories, not articles, so that copies are none. The thresholds keep false alarms
-- under 1 in 1,000 entity-weeks of block-bootstrapped history, even where the rate itself varies by a third from week to
-- week (benchmarks/simulation.py). The reach is that of the intervals and 27 weeks more.
WITH weeks AS (
  SELECT w.week, w.tagger_version, w.observed_articles AS n FROM mart.weeks AS w
  WHERE w.state <> 'unobserved' AND NOT w.is_open AND w.observed_articles > 0
    AND w.week >= (SELECT min(week) - 378 FROM build_weeks)
), series AS (
  SELECT m.week, m.entity_id, m.stories, m.sources, w.n * median(m.stories / w.n::DOUBLE) OVER history AS usual,
    count(*) OVER history AS weeks
  FROM mart.weekly_mentions AS m JOIN weeks AS w ON w.week = m.week
  WINDOW history AS (PARTITION BY m.entity_id, w.tagger_version ORDER BY m.week
    RANGE BETWEEN INTERVAL 189 DAYS PRECEDING AND INTERVAL 14 DAYS PRECEDING)
), candidates AS (
  SELECT week, entity_id FROM series
  WHERE stories >= 5 AND sources >= 3 AND weeks >= 20 AND week >= (SELECT min(week) + 182 FROM mart.weeks)
    AND stories - usual > 2.5 * sqrt(usual) AND stories > 2 * usual
    AND week IN (SELECT week FROM build_weeks)
), moved AS (
  SELECT s.week, sum(pow(s.stories / s.usual - 1, 2) - t.dispersion / s.usual) AS variance, count(*) AS n
  FROM series AS s JOIN mart.weekly_trends AS t ON t.week = s.week AND t.entity_id = s.entity_id
  WHERE s.weeks >= 20 AND s.usual >= 10 AND s.stories < 2.5 * s.usual
  GROUP BY s.week
), unrest AS (
  SELECT c.week, greatest(0.4 * (coalesce(sum(m.variance), 0) + 100 * 0.09) / (coalesce(sum(m.n), 0) + 100), 0.005) AS variance
  FROM (SELECT DISTINCT week FROM candidates) AS c
  LEFT JOIN moved AS m ON m.week BETWEEN c.week - 189 AND c.week - 14
  GROUP BY c.week
), panel AS (
  SELECT c.week, s.publisher
  FROM (SELECT DISTINCT week FROM candidates) AS c
  JOIN mart.source_weeks AS s ON s.week BETWEEN c.week - 189 AND c.week - 14 AND s.state <> 'unobserved'
  WHERE s.week >= (SELECT min(week) - 189 FROM build_weeks)
  GROUP BY c.week, s.publisher HAVING count(*) >= 20
), compared AS (
  SELECT w.week, v.week AS history_week
  FROM (SELECT DISTINCT week FROM candidates) AS c
  JOIN weeks AS w ON w.week = c.week
  JOIN weeks AS v ON v.tagger_version IS NOT DISTINCT FROM w.tagger_version
    AND (v.week = w.week OR v.week BETWEEN w.week - 378 AND w.week - 14)
), exposed AS (
  SELECT x.week, x.history_week, p.publisher, s.observed_articles AS n
  FROM compared AS x
  JOIN panel AS p ON p.week = x.week
  JOIN mart.source_weeks AS s ON s.publisher = p.publisher AND s.week = x.history_week
), exposure AS (
  SELECT week, history_week, sum(n) AS n FROM exposed GROUP BY week, history_week HAVING sum(n) > 0
), found AS (
  SELECT c.week, c.entity_id, x.history_week, sum(k.first_articles) AS y, count(*) FILTER (k.first_articles > 0) AS sources
  FROM candidates AS c
  JOIN compared AS x ON x.week = c.week
  JOIN mart.source_mentions AS k ON k.entity_id = c.entity_id AND k.week = x.history_week
  SEMI JOIN panel AS p ON p.week = c.week AND p.publisher = k.publisher
  WHERE k.week >= (SELECT min(week) - 378 FROM build_weeks)
  GROUP BY c.week, c.entity_id, x.history_week
), counts AS (
  SELECT c.week, c.entity_id, x.history_week, x.n, coalesce(f.y, 0) AS y, coalesce(f.sources, 0) AS sources
  FROM candidates AS c
  JOIN exposure AS x ON x.week = c.week
  LEFT JOIN found AS f ON f.week = c.week AND f.entity_id = c.entity_id AND f.history_week = x.history_week
), current AS (
  SELECT week, entity_id, y, n, sources FROM counts WHERE history_week = week AND y >= 5 AND sources >= 3
), season AS (
  SELECT week, entity_id, sum(y) AS y, sum(n) AS n, 0.75 * median(y / n) AS rate FROM counts
  WHERE history_week BETWEEN week - 378 AND week - 350
  GROUP BY week, entity_id HAVING count(*) >= 4
), past AS (
  SELECT k.week, k.entity_id, r.reach, k.y, k.n FROM counts AS k JOIN (VALUES (189), (371)) AS r(reach)
    ON k.history_week BETWEEN k.week - r.reach AND k.week - 14
), spread AS (
  SELECT week, entity_id, reach, rate,
    greatest(1, sum(pow(y - rate * n, 2) / greatest(rate * n, 0.1)) / (count(*) - 1)) AS phi
  FROM (
    SELECT *, greatest(sum(y) OVER series / sum(n) OVER series, 1e-6) AS rate FROM past
    WINDOW series AS (PARTITION BY week, entity_id, reach)
  ) GROUP BY week, entity_id, reach, rate HAVING count(*) >= 20
), weighted AS (
  SELECT *, CASE WHEN residual > 2.58 THEN 1 / (residual * residual) ELSE 1 END AS weight
  FROM (
    SELECT p.*, 1.5 * (pow(p.y, 2.0 / 3) - pow(s.rate * p.n, 2.0 / 3))
      / (pow(greatest(s.rate * p.n, 0.1), 1.0 / 6) * sqrt(s.phi)) AS residual
    FROM past AS p JOIN spread AS s ON s.week = p.week AND s.entity_id = p.entity_id AND s.reach = p.reach
  )
), fitted AS (
  SELECT week, entity_id, reach, rate, sum(weight * n) AS n,
    greatest(1, sum(weight * pow(y - rate * n, 2) / greatest(rate * n, 0.1)) / (sum(weight) - 1)) AS phi
  FROM (
    SELECT *, greatest(sum(weight * y) OVER series / sum(weight * n) OVER series, 1e-6) AS rate FROM weighted
    WINDOW series AS (PARTITION BY week, entity_id, reach)
  ) GROUP BY week, entity_id, reach, rate
), history AS (
  SELECT week, entity_id, max(rate) AS rate, arg_max(phi, reach) AS phi, arg_min(n, reach) AS n
  FROM fitted GROUP BY week, entity_id
), usual AS (
  SELECT h.week, h.entity_id, h.phi, h.n, greatest(h.rate, s.rate) AS rate, ln(greatest(s.rate / h.rate, 1)) AS lift
  FROM history AS h
  LEFT JOIN season AS s ON s.week = h.week AND s.entity_id = h.entity_id
    AND s.y - h.rate * s.n > 2.5 * sqrt(h.phi * h.rate * s.n)
), judged AS (
  SELECT c.*, u.rate * c.n AS expected, pow(u.lift, 2) / 4 + v.variance AS unrest, t.dispersion AS together,
    greatest(u.phi, t.dispersion, 0.2 * u.rate * c.n) * (1 + c.n / u.n) + 0.01 AS dispersion
  FROM current AS c
  JOIN usual AS u ON u.week = c.week AND u.entity_id = c.entity_id
  JOIN unrest AS v ON v.week = c.week
  JOIN mart.weekly_trends AS t ON t.week = c.week AND t.entity_id = c.entity_id
), tails AS (
  SELECT week, entity_id, y, n, sources, expected, unrest, together, dispersion,
    greatest(0, 1 - sum(exp(lgamma(k + size) - lgamma(k + 1) - lgamma(size) - size * ln(dispersion)
      + k * ln(1 - 1 / dispersion)))) AS p_value
  FROM (
    SELECT *, expected / (dispersion - 1) AS size, unnest(range(y::BIGINT)) AS k FROM judged WHERE y > 2.5 * expected
  ) GROUP BY ALL HAVING p_value < 0.02
), panel_weeks AS (
  SELECT week, publisher, sum(n) FILTER (history_week = week) AS n,
    coalesce(sum(n) FILTER (history_week BETWEEN week - 189 AND week - 14), 0) AS past_n
  FROM exposed GROUP BY week, publisher
), panel_mentions AS (
  SELECT t.week, t.entity_id, k.publisher, sum(k.first_articles) FILTER (k.week = t.week) AS x,
    sum(k.first_articles) FILTER (k.week BETWEEN t.week - 189 AND t.week - 14) AS past_x
  FROM tails AS t
  JOIN compared AS x ON x.week = t.week
  JOIN mart.source_mentions AS k ON k.entity_id = t.entity_id AND k.week = x.history_week
  WHERE k.week >= (SELECT min(week) - 378 FROM build_weeks)
  GROUP BY t.week, t.entity_id, k.publisher
), habits AS (
  SELECT *, (6 + past_x) / (6 / greatest(sum(past_x) OVER one / sum(past_n) OVER one, 1e-6) + past_n) AS habit
  FROM (
    SELECT t.week, t.entity_id, t.expected, t.unrest, t.together, coalesce(k.x, 0) AS x, greatest(p.n, k.x) AS n,
      coalesce(k.past_x, 0) AS past_x, p.past_n
    FROM tails AS t
    JOIN panel_weeks AS p ON p.week = t.week AND p.n > 0
    LEFT JOIN panel_mentions AS k ON k.week = t.week AND k.entity_id = t.entity_id AND k.publisher = p.publisher
  ) WINDOW one AS (PARTITION BY week, entity_id)
), rates AS (
  SELECT week, entity_id, x, n, least(habit * expected / sum(habit * n) OVER one, 0.95) AS p,
    -- the beta distribution's two parameters are pk and (1 - p)k; its correlation is 1 / (k + 1)
    1 / least(greatest((together - 1) / nullif(sum(n * n) OVER one / sum(n) OVER one - 1, 0), 0.001), 0.5) - 1 AS k,
    sqrt(unrest + greatest(together, 1) / greatest(sum(past_x) OVER one, 5)) AS sigma
  FROM habits WINDOW one AS (PARTITION BY week, entity_id)
), likelihoods AS (
  SELECT week, entity_id, z, sum(lgamma(q * k + x) - lgamma(q * k) + lgamma((1 - q) * k + n - x) - lgamma((1 - q) * k)) AS fit
  FROM (
    SELECT r.*, m.z, CASE WHEN m.z IS NULL THEN least(4 * r.p, (1 + r.p) / 2) ELSE least(r.p * exp(m.z * r.sigma), 0.95) END AS q
    FROM rates AS r CROSS JOIN (VALUES (NULL), (-2), (-1), (0), (1), (2), (3), (4)) AS m(z)
  ) GROUP BY week, entity_id, z
), compared_fits AS (
  SELECT a.week, a.entity_id,
    sum(exp(-a.z * a.z / 2)) / greatest(sum(exp(-a.z * a.z / 2 + least(a.fit - b.fit, 500))), 1e-9) AS odds
  FROM likelihoods AS a JOIN likelihoods AS b ON b.week = a.week AND b.entity_id = a.entity_id AND b.z IS NULL
  WHERE a.z IS NOT NULL GROUP BY a.week, a.entity_id
)
SELECT t.week, t.entity_id, t.y::INTEGER AS stories, t.sources::INTEGER AS sources, t.expected AS expected_stories,
  t.y / t.expected AS ratio, t.dispersion, t.p_value, o.odds, t.y / t.n::DOUBLE AS story_share,
  b.top_source, b.top_source_stories
FROM tails AS t
JOIN compared_fits AS o ON o.week = t.week AND o.entity_id = t.entity_id
JOIN (
  SELECT week, entity_id, arg_max(publisher, (first_articles, publisher)) AS top_source, max(first_articles) AS top_source_stories
  FROM mart.source_mentions WHERE week IN (SELECT week FROM build_weeks) GROUP BY week, entity_id
) AS b ON b.week = t.week AND b.entity_id = t.entity_id
WHERE o.odds > 150
ORDER BY t.week, t.entity_id
