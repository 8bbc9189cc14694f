-- about: articles that name any country that was a member of a bloc in that week, each article once, and the mean of members
-- kind: weeks
-- step: 26
-- grain: week, bloc_id
-- Which blocs an article names is kept as bits in bytes of eight blocs, so that counting articles needs no join by bloc:
-- an article gives one row for each byte that is not empty.
WITH numbered AS (
  SELECT bloc_id, (row_number() OVER (ORDER BY bloc_id) - 1)::INTEGER AS number
  FROM base.memberships GROUP BY bloc_id
), members AS (
  SELECT DISTINCT w.week, m.bloc_id, m.entity_id, n.number
  FROM mart.weeks AS w
  JOIN base.memberships AS m ON coalesce(m.valid_from, DATE '0001-01-01') <= w.week
    AND coalesce(m.valid_to, DATE '9999-12-31') > w.week
  JOIN numbered AS n ON n.bloc_id = m.bloc_id
  WHERE w.week IN (SELECT week FROM build_weeks)
), bytes AS (
  SELECT week, entity_id, number // 8 AS place, bit_or((1 << (number % 8))::UTINYINT) AS bits
  FROM members GROUP BY week, entity_id, place
), named AS (
  SELECT a.week, b.place, a.article_id, bit_or(b.bits) AS bits
  FROM mart.article_entities AS a JOIN bytes AS b ON b.week = a.week AND b.entity_id = a.entity_id
  WHERE a.week IN (SELECT week FROM build_weeks)
  GROUP BY a.week, b.place, a.article_id
), patterns AS (
  SELECT week, place, bits, count(*) AS articles FROM named GROUP BY week, place, bits
), found AS (
  SELECT p.week, p.place * 8 + k AS number, sum(p.articles) AS articles
  FROM patterns AS p, range(8) AS t(k) WHERE (p.bits >> k::UTINYINT) & 1 = 1 GROUP BY p.week, p.place, k
), sums AS (
  SELECT m.week, m.bloc_id, any_value(m.number) AS number, count(*)::INTEGER AS members,
    count(*) FILTER (x.articles > 0)::INTEGER AS members_named, sum(x.articles) AS namings, sum(x.mentions) AS mentions
  FROM members AS m LEFT JOIN mart.weekly_mentions AS x ON x.week = m.week AND x.entity_id = m.entity_id
  GROUP BY m.week, m.bloc_id
)
SELECT s.week, s.bloc_id, s.members, CASE WHEN w.state <> 'unobserved' THEN s.members_named END AS members_named,
  CASE WHEN w.state <> 'unobserved' THEN coalesce(f.articles, 0)::INTEGER END AS articles,
  CASE WHEN w.state <> 'unobserved' THEN coalesce(s.mentions, 0)::INTEGER END AS mentions,
  CASE WHEN w.state <> 'unobserved' THEN w.observed_articles END AS observed_articles,
  CASE WHEN w.state <> 'unobserved' AND w.observed_articles > 0
    THEN coalesce(f.articles, 0) / w.observed_articles::DOUBLE END AS share,
  CASE WHEN w.state <> 'unobserved' THEN coalesce(s.namings, 0) / s.members::DOUBLE END AS articles_per_member
FROM sums AS s
JOIN mart.weeks AS w ON w.week = s.week
LEFT JOIN found AS f ON f.week = s.week AND f.number = s.number
ORDER BY s.bloc_id, s.week
