-- about: the download without texts: articles
FROM main.articles ORDER BY week, article_id
