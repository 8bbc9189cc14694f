-- about: the articles that a week's shares are counted in: the denominator, opened; of one source when it is given
-- param: week
-- param: source = ''
-- param: limit = 20
-- param: offset = 0
WITH found AS (
  SELECT o.* FROM mart.observed AS o
  WHERE o.week = $week::DATE AND ($source::VARCHAR IS NULL OR o.publisher = $source::VARCHAR)
)
SELECT o.article_id, o.title, o.url, o.publisher, o.source_type, o.published_at, o.word_count,
  (SELECT count(*) FROM found) AS articles
FROM found AS o
ORDER BY o.published_at DESC, o.article_id LIMIT $limit::INTEGER OFFSET $offset::INTEGER
