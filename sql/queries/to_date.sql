-- about: the open week so far against the same age of the eight weeks before
SELECT d.entity_id, e.name, d.articles, d.observed_articles, d.same_age_articles, d.same_age_share
FROM week_to_date AS d JOIN entities AS e USING (entity_id)
WHERE d.articles > 0 OR d.same_age_articles > 0 ORDER BY d.articles DESC, d.same_age_articles DESC, d.entity_id
