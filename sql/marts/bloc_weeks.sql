-- about: articles that name any country that was a member of a bloc in that week, each article once, and the mean per member
-- kind: weeks
-- grain: week, bloc_id
WITH members AS (
  SELECT w.week, m.bloc_id, m.entity_id
  FROM mart.weeks AS w
  JOIN base.memberships AS m ON coalesce(m.valid_from, DATE '0001-01-01') <= w.week AND coalesce(m.valid_to, DATE '9999-12-31') > w.week
  WHERE w.week IN (SELECT week FROM build_weeks)
  GROUP BY ALL
), sizes AS (
  SELECT week, bloc_id, count(*)::INTEGER AS members FROM members GROUP BY week, bloc_id
), found AS (
  SELECT m.week, m.bloc_id, count(DISTINCT a.article_id)::INTEGER AS articles, count(*) AS namings,
    sum(a.mentions)::INTEGER AS mentions, count(DISTINCT a.entity_id)::INTEGER AS members_named
  FROM members AS m JOIN mart.article_entities AS a ON a.week = m.week AND a.entity_id = m.entity_id
  WHERE a.week IN (SELECT week FROM build_weeks)
  GROUP BY m.week, m.bloc_id
)
SELECT s.week, s.bloc_id, s.members, coalesce(f.members_named, 0) AS members_named,
  CASE WHEN w.state <> 'unobserved' THEN coalesce(f.articles, 0) END AS articles,
  CASE WHEN w.state <> 'unobserved' THEN coalesce(f.mentions, 0) END AS mentions,
  CASE WHEN w.state <> 'unobserved' THEN w.observed_articles END AS observed_articles,
  CASE WHEN w.state <> 'unobserved' AND w.observed_articles > 0
    THEN coalesce(f.articles, 0) / w.observed_articles::DOUBLE END AS share,
  CASE WHEN w.state <> 'unobserved' THEN coalesce(f.namings, 0) / s.members::DOUBLE END AS articles_per_member
FROM sizes AS s
JOIN mart.weeks AS w ON w.week = s.week
LEFT JOIN found AS f ON f.week = s.week AND f.bloc_id = s.bloc_id
ORDER BY s.bloc_id, s.week
