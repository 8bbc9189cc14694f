-- about: the weekly trend of some names, or of all, as an earlier copy published it, with the change on the eight weeks before
-- param: vintage
-- param: entities = ''
-- param: since = 0001-01-01
-- param: until = 9999-12-31
-- The arithmetic is that of trend_as_of, for many names at once.
WITH known AS (
  SELECT k.week, arg_max(k.state, k.vintage) AS state, arg_max(k.observed_articles, k.vintage) AS observed
  FROM base.vintage_weeks AS k WHERE k.vintage <= $vintage::INTEGER GROUP BY k.week
), weeks AS (
  SELECT w.week, w.state, w.observed, w.week = (SELECT max(o.week) FROM known AS o WHERE o.state <> 'gone') AS is_open
  FROM known AS w WHERE w.state <> 'gone' AND w.week BETWEEN $since::DATE - 56 AND $until::DATE
), counts AS (
  SELECT c.week, c.entity_id, sum(c.articles) AS articles, sum(c.stories) AS stories, sum(c.sources) AS sources
  FROM base.vintage_changes AS c
  WHERE c.vintage <= $vintage::INTEGER AND c.week BETWEEN $since::DATE - 56 AND $until::DATE AND c.entity_id <> '*'
    AND ($entities::VARCHAR[] IS NULL OR c.entity_id IN (SELECT unnest($entities::VARCHAR[])))
  GROUP BY c.week, c.entity_id
), names AS (
  SELECT unnest($entities::VARCHAR[]) AS entity_id
  UNION
  SELECT c.entity_id FROM counts AS c
), dispersions AS (
  SELECT d.week, d.entity_id, arg_max_null(d.dispersion, d.vintage) AS dispersion
  FROM base.vintage_dispersions AS d WHERE d.vintage <= $vintage::INTEGER AND d.week IN (SELECT block_start(w.week) FROM weeks AS w)
  GROUP BY d.week, d.entity_id
), series AS (
  SELECT w.week, w.state, w.is_open, n.entity_id, coalesce(d.dispersion, 1) AS phi,
    CASE WHEN w.state <> 'unobserved' THEN coalesce(c.articles, 0) END AS articles,
    CASE WHEN w.state <> 'unobserved' THEN coalesce(c.stories, 0) END AS stories,
    CASE WHEN w.state <> 'unobserved' THEN coalesce(c.sources, 0) END AS sources,
    CASE WHEN w.state <> 'unobserved' THEN w.observed END AS n,
    CASE WHEN w.state <> 'unobserved' THEN coalesce(c.articles, 0) / nullif(w.observed, 0)::DOUBLE END AS share
  FROM weeks AS w CROSS JOIN names AS n
  LEFT JOIN counts AS c ON c.week = w.week AND c.entity_id = n.entity_id
  LEFT JOIN dispersions AS d ON d.week = block_start(w.week) AND d.entity_id = n.entity_id
), judged AS (
  SELECT s.*, sum(s.articles) OVER eight / nullif(sum(s.n) OVER eight, 0)::DOUBLE AS rate8, sum(s.n) OVER eight AS seen8,
    count(s.articles) OVER eight >= 6 AND count(*) OVER eight = 8 AND NOT s.is_open AND s.n > 0 AS has_eight
  FROM series AS s
  WINDOW eight AS (PARTITION BY s.entity_id ORDER BY s.week ROWS BETWEEN 8 PRECEDING AND 1 PRECEDING)
)
SELECT j.week, j.entity_id, e.name, e.acronym, e.kind, j.articles::INTEGER AS articles, j.stories::INTEGER AS stories,
  j.sources::INTEGER AS sources, j.n::INTEGER AS observed_articles, j.share,
  wilson_low(j.share, nullif(j.n, 0) / j.phi) AS share_low, wilson_high(j.share, nullif(j.n, 0) / j.phi) AS share_high,
  CASE WHEN j.has_eight THEN j.rate8 END AS mean8, CASE WHEN j.has_eight THEN j.rate8 * j.n END AS usual_articles,
  CASE WHEN j.has_eight THEN j.share - j.rate8 END AS change8,
  CASE WHEN j.has_eight THEN change_low(j.share, j.n / j.phi, j.rate8, j.seen8 / j.phi) END AS change8_low,
  CASE WHEN j.has_eight THEN change_high(j.share, j.n / j.phi, j.rate8, j.seen8 / j.phi) END AS change8_high,
  CASE WHEN j.has_eight THEN j.seen8::INTEGER END AS mean8_observed, j.phi AS dispersion, j.state, j.is_open
FROM judged AS j JOIN main.entities AS e ON e.entity_id = j.entity_id AND e.listed
WHERE j.week BETWEEN $since::DATE AND $until::DATE
ORDER BY list_position($entities::VARCHAR[], j.entity_id), j.entity_id, j.week
