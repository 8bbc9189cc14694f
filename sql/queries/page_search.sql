-- about: articles whose title has the words, or whose text does, the newest first, within a span of weeks
-- param: words
-- param: since = 0001-01-01
-- param: until = 9999-12-31
-- param: limit = 20
SELECT a.article_id, a.title, a.url, a.published_at, a.publisher, a.status,
  contains(lower(a.title), lower($words::VARCHAR)) AS in_title,
  CASE WHEN contains(lower(t.text), lower($words::VARCHAR)) THEN
    substring(t.text, greatest(1, position(lower($words::VARCHAR) IN lower(t.text)) - 90)::BIGINT, 180 + length($words::VARCHAR)) END AS excerpt
FROM main.articles AS a LEFT JOIN main.article_texts AS t ON t.article_id = a.article_id
WHERE a.week BETWEEN $since::DATE AND $until::DATE
  AND (contains(lower(a.title), lower($words::VARCHAR)) OR contains(lower(t.text), lower($words::VARCHAR)))
ORDER BY in_title DESC, a.published_at DESC NULLS LAST, a.article_id LIMIT $limit::INTEGER
