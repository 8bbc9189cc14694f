-- about: the stories on a name in a span of weeks that most sources carried
-- param: entity
-- param: since = 0001-01-01
-- param: until = 9999-12-31
-- param: limit = 20
-- Titles and dates are read for the few stories that are shown; sources are counted for those alone that have copies.
WITH named AS (
  SELECT coalesce(x.story_id, x.article_id) AS story_id, x.article_id, x.week, x.feed_id, x.mentions
  FROM mart.article_entities AS x
  WHERE x.entity_id = $entity::VARCHAR AND x.week BETWEEN $since::DATE AND $until::DATE
), counted AS (
  SELECT n.story_id, count(*) AS articles, sum(n.mentions) AS mentions, max(n.week) AS week FROM named AS n GROUP BY n.story_id
), copied AS (
  SELECT n.story_id, count(DISTINCT f.publisher) AS sources
  FROM named AS n JOIN main.feeds AS f ON f.feed_id = n.feed_id
  WHERE n.story_id IN (SELECT c.story_id FROM counted AS c WHERE c.articles > 1) GROUP BY n.story_id
), best AS (
  SELECT c.*, coalesce(k.sources, 1) AS sources FROM counted AS c LEFT JOIN copied AS k ON k.story_id = c.story_id
  ORDER BY sources DESC, c.articles DESC, c.mentions DESC, c.week DESC, c.story_id LIMIT $limit::INTEGER
)
SELECT b.story_id, b.articles::INTEGER AS articles, b.sources::INTEGER AS sources, b.mentions::INTEGER AS mentions,
  arg_min(a.title, a.published_at) AS title, arg_min(f.publisher, a.published_at) AS publisher,
  min(a.published_at) AS published_at, arg_min(a.url, a.published_at) AS url
FROM best AS b
JOIN named AS n ON n.story_id = b.story_id
JOIN base.articles AS a ON a.article_id = n.article_id AND a.week = n.week
JOIN main.feeds AS f ON f.feed_id = a.feed_id
GROUP BY ALL
ORDER BY sources DESC, articles DESC, mentions DESC, published_at DESC
