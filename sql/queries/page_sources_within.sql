-- about: which sources the articles on a name came from, within the sources, prominence and forms that a viewer chose
-- param: entity
-- param: since = 0001-01-01
-- param: until = 9999-12-31
-- param: type = ''
-- param: region = ''
-- param: collection = ''
-- param: source = ''
-- param: salience = ''
-- param: forms = 0
-- param: limit = 20
WITH found AS (
  SELECT f.publisher, count(*)::INTEGER AS articles
  FROM mart.article_entities AS x JOIN main.feeds AS f ON f.feed_id = x.feed_id
  WHERE x.entity_id = $entity::VARCHAR AND x.week BETWEEN $since::DATE AND $until::DATE
    AND ($type::VARCHAR IS NULL OR f.source_type = $type::VARCHAR) AND ($region::VARCHAR IS NULL OR f.region = $region::VARCHAR)
    AND ($collection::VARCHAR IS NULL OR list_contains(f.collections, $collection::VARCHAR)) AND ($source::VARCHAR IS NULL OR f.publisher = $source::VARCHAR)
    AND CASE $salience::VARCHAR WHEN 'title' THEN x.in_title WHEN 'lead' THEN x.in_title OR x.in_lead WHEN 'repeated' THEN x.mentions >= 2
      ELSE true END
    AND ($forms::INTEGER = 0 OR (x.forms::INTEGER & $forms::INTEGER) <> 0)
  GROUP BY f.publisher
)
SELECT f.publisher, f.articles, (SELECT sum(x.articles) FROM found AS x)::INTEGER AS all_articles
FROM found AS f ORDER BY f.articles DESC, f.publisher LIMIT $limit::INTEGER
