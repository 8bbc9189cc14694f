-- about: the latest articles of a source
-- param: source
-- param: limit = 20
SELECT a.article_id, a.title, a.url, a.published_at, a.status, a.reason, a.word_count, a.language
FROM main.articles AS a WHERE a.publisher = $source::VARCHAR
ORDER BY a.published_at DESC NULLS LAST, a.article_id LIMIT $limit::INTEGER
