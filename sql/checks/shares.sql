-- about: a share outside 0 to 1, or a number where nothing was observed
-- Zero: the articles that name an entity are among the observed ones by definition.
SELECT week, entity_id, articles, observed_articles, share
FROM mart.weekly_mentions
WHERE share NOT BETWEEN 0 AND 1 OR articles > observed_articles OR stories > articles OR sources > articles
  OR (observed_articles IS NULL AND articles IS NOT NULL)
