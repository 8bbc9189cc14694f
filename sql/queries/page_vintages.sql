-- about: the published copies, the newest first
-- param: limit = 20
SELECT v.vintage, v.published_at, v.gazetteer, v.articles, v.mentions FROM main.vintages AS v ORDER BY v.vintage DESC LIMIT $limit::INTEGER
