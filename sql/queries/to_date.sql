-- about: the open week so far against the same age of the eight weeks before
-- param: source_type = ''
-- param: region = ''
-- param: collection = ''
-- param: salience = ''
-- param: form = ''
SELECT d.entity_id, e.name, d.articles, d.observed_articles, d.same_age_articles, d.same_age_share
FROM week_to_date_within(source_type := $source_type::VARCHAR, region := $region::VARCHAR, collection := $collection::VARCHAR,
  salience := $salience::VARCHAR, form := $form::VARCHAR) AS d
JOIN entities AS e ON e.entity_id = d.entity_id
WHERE d.articles > 0 OR d.same_age_articles > 0 ORDER BY d.articles DESC, d.same_age_articles DESC, d.entity_id
