-- about: the texts of some articles for a validation sheet
-- param: articles = []
SELECT a.article_id, a.title, t.text, a.url, a.source_type, a.language, a.tagger_version AS tagger
FROM main.articles AS a JOIN main.article_texts AS t ON t.article_id = a.article_id
WHERE list_contains($articles::BIGINT[], a.article_id)
ORDER BY a.article_id
