-- about: weeks of the shown range with how many of the sources that a viewer chose were seen
-- param: type = ''
-- param: region = ''
-- param: collection = ''
-- param: source = ''
-- param: since = 0001-01-01
-- param: until = 9999-12-31
WITH chosen AS (
  SELECT f.feed_id, f.publisher FROM main.feeds AS f
  WHERE ($type::VARCHAR IS NULL OR f.source_type = $type::VARCHAR) AND ($region::VARCHAR IS NULL OR f.region = $region::VARCHAR)
    AND ($collection::VARCHAR IS NULL OR list_contains(f.collections, $collection::VARCHAR)) AND ($source::VARCHAR IS NULL OR f.publisher = $source::VARCHAR)
), totals AS (
  SELECT f.week, sum(f.observed_articles) AS n FROM mart.feed_weeks AS f
  WHERE f.week BETWEEN $since::DATE AND $until::DATE AND f.feed_id IN (SELECT c.feed_id FROM chosen AS c) GROUP BY f.week
), seen AS (
  SELECT w.week, w.is_open, count(s.week)::INTEGER AS sources, (count(*) FILTER (s.state = 'observed'))::INTEGER AS sources_observed,
    (count(*) FILTER (s.state = 'partial'))::INTEGER AS sources_partial,
    (count(*) FILTER (s.state = 'unobserved'))::INTEGER AS sources_unobserved, coalesce(any_value(t.n), 0)::INTEGER AS observed_articles
  FROM mart.weeks AS w
  LEFT JOIN mart.source_weeks AS s ON s.week = w.week AND s.publisher IN (SELECT c.publisher FROM chosen AS c)
  LEFT JOIN totals AS t ON t.week = w.week
  WHERE w.week BETWEEN $since::DATE AND $until::DATE
  GROUP BY w.week, w.is_open
)
SELECT *,
  CASE WHEN sources_observed + sources_partial = 0 OR (sources_observed = 0 AND observed_articles = 0) THEN 'unobserved'
    WHEN sources_observed >= 0.8 * sources THEN 'observed' ELSE 'partial' END AS state
FROM seen ORDER BY week
