-- about: which sources the articles on a name came from, within the sources, prominence and forms that a viewer chose
-- param: entity
-- param: since = 0001-01-01
-- param: until = 9999-12-31
-- param: source_type = ''
-- param: region = ''
-- param: collection = ''
-- param: source = ''
-- param: salience = ''
-- param: form = ''
-- param: limit = 20
WITH found AS (
  SELECT f.publisher, count(*)::INTEGER AS articles
  FROM mart.article_entities AS x JOIN chosen_feeds($source_type::VARCHAR, $region::VARCHAR, $collection::VARCHAR) AS f ON f.feed_id = x.feed_id
  WHERE x.entity_id = $entity::VARCHAR AND x.week BETWEEN $since::DATE AND $until::DATE
    AND ($source::VARCHAR IS NULL OR f.publisher = $source::VARCHAR)
    AND is_chosen($salience::VARCHAR, $form::VARCHAR, x.in_title, x.in_lead, x.mentions, x.forms)
  GROUP BY f.publisher
)
SELECT f.publisher, f.articles, (SELECT sum(x.articles) FROM found AS x)::INTEGER AS all_articles
FROM found AS f ORDER BY f.articles DESC, f.publisher LIMIT $limit::INTEGER
