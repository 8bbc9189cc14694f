-- about: the stories on a name in a span of weeks that most sources carried
-- param: entity
-- param: since = 0001-01-01
-- param: until = 9999-12-31
-- param: limit = 20
SELECT coalesce(x.story_id, x.article_id) AS story_id, count(*)::INTEGER AS articles,
  count(DISTINCT f.publisher)::INTEGER AS sources, arg_min(a.title, a.published_at) AS title,
  arg_min(f.publisher, a.published_at) AS publisher, min(a.published_at) AS published_at,
  arg_min(a.url, a.published_at) AS url, sum(x.mentions)::INTEGER AS mentions
FROM mart.article_entities AS x
JOIN base.articles AS a ON a.article_id = x.article_id
JOIN main.feeds AS f ON f.feed_id = x.feed_id
WHERE x.entity_id = $entity::VARCHAR AND x.week BETWEEN $since::DATE AND $until::DATE
GROUP BY 1 ORDER BY sources DESC, articles DESC, mentions DESC, published_at DESC LIMIT $limit::INTEGER
