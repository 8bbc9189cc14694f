-- about: a share outside 0 to 1 or outside its own interval, or a number where nothing was observed
-- Zero: the articles that name an entity are among the observed ones by definition, and an interval lies around its share
-- (but for the last digits of a double).
SELECT week, entity_id, articles, observed_articles, share
FROM mart.weekly_mentions
WHERE share NOT BETWEEN 0 AND 1 OR articles > observed_articles OR stories > articles OR sources > articles
  OR (observed_articles IS NULL AND articles IS NOT NULL)
UNION ALL
SELECT week, entity_id, articles, observed_articles, share
FROM mart.weekly_trends
WHERE share_low > share + 1e-9 OR share_high < share - 1e-9 OR share_low < 0 OR share_high > 1
  OR (share IS NULL) <> (share_low IS NULL)
