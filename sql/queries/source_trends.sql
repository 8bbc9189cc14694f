-- about: one entity's share over all sources, in the matched panel, and with every source counting the same
-- param: entity
-- param: source_type = ''
-- param: region = ''
-- param: collection = ''
-- param: salience = ''
-- param: form = ''
-- param: since = 0001-01-01
-- param: until = 9999-12-31
SELECT t.week, t.share, p.chained_share AS panel, e.source_equal_share AS source_equal, p.panel_sources, e.sources
FROM trend_within($entity::VARCHAR, source_type := $source_type::VARCHAR, region := $region::VARCHAR, collection := $collection::VARCHAR,
  salience := $salience::VARCHAR, form := $form::VARCHAR) AS t
JOIN panel_within($entity::VARCHAR, source_type := $source_type::VARCHAR, region := $region::VARCHAR, collection := $collection::VARCHAR,
  salience := $salience::VARCHAR, form := $form::VARCHAR) AS p ON p.week = t.week
JOIN source_equal_within($entity::VARCHAR, source_type := $source_type::VARCHAR, region := $region::VARCHAR, collection := $collection::VARCHAR,
  salience := $salience::VARCHAR, form := $form::VARCHAR) AS e ON e.week = t.week
WHERE t.week BETWEEN $since::DATE AND $until::DATE
ORDER BY t.week
