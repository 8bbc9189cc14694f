-- about: articles that name each listed entity, week by week: 0 where it was looked for and not named, NULL where
--   nothing was seen
-- kind: weeks
-- grain: week, entity_id
-- A story counts in the first week in which it was observed: by its first article, or by copies where that is not of the
-- week or does not name the entity.
WITH named AS (
  SELECT a.week, a.entity_id, count(*)::INTEGER AS articles, sum(a.mentions)::INTEGER AS mentions,
    count(*) FILTER (a.story_id IS NULL AND NOT a.is_later_copy) AS first_articles, count(*) FILTER (a.in_title)::INTEGER AS title_articles
  FROM mart.article_entities AS a WHERE a.week IN (SELECT week FROM build_weeks) GROUP BY a.week, a.entity_id
), copies AS (
  SELECT DISTINCT a.week, a.entity_id, a.story_id
  FROM mart.article_entities AS a
  WHERE a.week IN (SELECT week FROM build_weeks) AND a.story_id IS NOT NULL AND NOT a.is_later_copy
), copied AS (
  SELECT c.week, c.entity_id, count(*) AS stories
  FROM copies AS c
  ANTI JOIN (
    SELECT f.week, f.entity_id, f.article_id FROM mart.article_entities AS f
    WHERE f.week IN (SELECT week FROM build_weeks) AND f.article_id IN (SELECT story_id FROM copies) AND NOT f.is_later_copy
  ) AS first ON first.article_id = c.story_id AND first.entity_id = c.entity_id
  GROUP BY c.week, c.entity_id
), sources AS (
  SELECT s.week, s.entity_id, count(*)::INTEGER AS sources
  FROM mart.source_mentions AS s WHERE s.week IN (SELECT week FROM build_weeks) GROUP BY s.week, s.entity_id
)
SELECT w.week, e.entity_id,
  CASE WHEN w.state <> 'unobserved' THEN coalesce(n.articles, 0) END AS articles,
  CASE WHEN w.state <> 'unobserved' THEN (coalesce(n.first_articles, 0) + coalesce(c.stories, 0))::INTEGER END AS stories,
  CASE WHEN w.state <> 'unobserved' THEN coalesce(s.sources, 0) END AS sources,
  CASE WHEN w.state <> 'unobserved' THEN coalesce(n.mentions, 0) END AS mentions,
  CASE WHEN w.state <> 'unobserved' THEN coalesce(n.title_articles, 0) END AS title_articles,
  CASE WHEN w.state <> 'unobserved' THEN w.observed_articles END AS observed_articles,
  CASE WHEN w.state <> 'unobserved' AND w.observed_articles > 0
    THEN coalesce(n.articles, 0) / w.observed_articles::DOUBLE END AS share
FROM mart.weeks AS w
CROSS JOIN base.entities AS e
LEFT JOIN named AS n ON n.week = w.week AND n.entity_id = e.entity_id
LEFT JOIN copied AS c ON c.week = w.week AND c.entity_id = e.entity_id
LEFT JOIN sources AS s ON s.week = w.week AND s.entity_id = e.entity_id
WHERE w.week IN (SELECT week FROM build_weeks) AND e.listed AND e.kind IN ('country', 'historical', 'organisation')
ORDER BY e.entity_id, w.week
