-- about: each entity's week with what an analyst may say of it: share, interval, change on last week and on the mean of
--   the eight weeks before, each change with the interval of the difference
-- kind: weeks
-- reach: 65
-- grain: week, entity_id
-- The dispersion comes from the four blocks of 13 weeks before the week's own (hence the reach), drawn towards that of
-- all entities by the weight of 30 expected articles; without history it is 1 and the interval is Wilson's. A change is
-- only judged for weeks that are over; the mean of eight needs six observed ones among them and eight weeks of archive.
-- Every name has every week, so the weeks before are found by their place among its rows; partitions by name would take a
-- megabyte each.
WITH pooled AS (
  SELECT b.week AS block, sum(d.squares) / sum(d.expected) AS dispersion
  FROM (SELECT DISTINCT block_start(week) AS week FROM mart.weeks) AS b
  JOIN mart.dispersions AS d ON d.week < b.week AND d.week >= b.week - 364
  GROUP BY b.week
), own AS (
  SELECT b.block, d.entity_id, sum(d.squares) AS squares, sum(d.expected) AS expected
  FROM pooled AS b JOIN mart.dispersions AS d ON d.week < b.block AND d.week >= b.block - 364
  GROUP BY b.block, d.entity_id
), series AS (
  SELECT m.*, w.state, w.is_open,
    max(m.share) OVER before AS last_share, max(m.observed_articles) OVER before AS last_observed,
    sum(m.articles) OVER eight AS eight_articles, sum(m.observed_articles) OVER eight AS eight_observed,
    count(m.articles) OVER eight AS eight_weeks, count(*) OVER eight AS eight_rows,
    sum(m.articles) OVER four / nullif(sum(m.observed_articles) OVER four, 0) AS mean4
  FROM (
    SELECT x.*, (x.week - s.first) // 7 AS place
    FROM mart.weekly_mentions AS x
    CROSS JOIN (SELECT greatest(min(b.week) - 56, (SELECT min(week) FROM mart.weeks)) AS first FROM build_weeks AS b) AS s
    WHERE x.week >= s.first
  ) AS m JOIN mart.weeks AS w ON w.week = m.week
  WINDOW before AS (ORDER BY m.entity_id, m.week ROWS BETWEEN least(m.place, 1) PRECEDING AND 1 PRECEDING),
    eight AS (ORDER BY m.entity_id, m.week ROWS BETWEEN least(m.place, 8) PRECEDING AND 1 PRECEDING),
    four AS (ORDER BY m.entity_id, m.week ROWS BETWEEN least(m.place, 3) PRECEDING AND CURRENT ROW)
), judged AS (
  SELECT s.*,
    CASE WHEN p.dispersion IS NULL THEN 1
      ELSE greatest(0.7, (coalesce(o.squares, 0) + 30 * p.dispersion) / (coalesce(o.expected, 0) + 30)) END AS phi,
    p.dispersion IS NOT NULL AS has_history,
    NOT s.is_open AND s.last_observed > 0 AND s.observed_articles > 0 AS has_last,
    NOT s.is_open AND s.eight_rows = 8 AND s.eight_weeks >= 6 AND s.eight_observed > 0 AND s.observed_articles > 0 AS has_eight
  FROM series AS s
  LEFT JOIN pooled AS p ON p.block = block_start(s.week)
  LEFT JOIN own AS o ON o.block = block_start(s.week) AND o.entity_id = s.entity_id
  WHERE s.week IN (SELECT week FROM build_weeks)
)
SELECT week, entity_id, articles, stories, sources, mentions, title_articles, observed_articles, share,
  wilson_low(share, nullif(observed_articles, 0) / phi) AS share_low,
  wilson_high(share, nullif(observed_articles, 0) / phi) AS share_high,
  phi AS dispersion,
  CASE WHEN share IS NOT NULL THEN CASE WHEN has_history THEN 'quasi-binomial' ELSE 'wilson' END END AS interval_kind,
  CASE WHEN has_last THEN share - last_share END AS change,
  CASE WHEN has_last THEN change_low(share, observed_articles / phi, last_share, last_observed / phi) END AS change_low,
  CASE WHEN has_last THEN change_high(share, observed_articles / phi, last_share, last_observed / phi) END AS change_high,
  CASE WHEN has_eight THEN eight_articles / eight_observed::DOUBLE END AS mean8,
  CASE WHEN has_eight THEN eight_observed::INTEGER END AS mean8_observed,
  CASE WHEN has_eight THEN share - eight_articles / eight_observed::DOUBLE END AS change8,
  CASE WHEN has_eight THEN change_low(share, observed_articles / phi, eight_articles / eight_observed::DOUBLE,
    eight_observed / phi) END AS change8_low,
  CASE WHEN has_eight THEN change_high(share, observed_articles / phi, eight_articles / eight_observed::DOUBLE,
    eight_observed / phi) END AS change8_high,
  CASE WHEN share IS NOT NULL THEN mean4 END AS mean4,
  state, is_open
FROM judged
ORDER BY entity_id, week
