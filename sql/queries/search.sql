-- about: articles with some words in title or text, newest first
-- param: words
-- param: limit = 50
FROM search($words::VARCHAR) LIMIT $limit::INTEGER
