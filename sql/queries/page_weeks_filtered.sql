-- about: weeks of the shown range with how many of the sources that a viewer chose were seen
-- param: source_type = ''
-- param: region = ''
-- param: collection = ''
-- param: source = ''
-- param: since = 0001-01-01
-- param: until = 9999-12-31
WITH chosen AS (
  SELECT f.feed_id, f.publisher FROM chosen_feeds($source_type::VARCHAR, $region::VARCHAR, $collection::VARCHAR) AS f
  WHERE $source::VARCHAR IS NULL OR f.publisher = $source::VARCHAR
)
SELECT * FROM weeks_of_feeds((SELECT list(c.feed_id) FROM chosen AS c)) AS w
WHERE w.week BETWEEN $since::DATE AND $until::DATE ORDER BY w.week
