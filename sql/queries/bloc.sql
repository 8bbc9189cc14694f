-- about: articles that name any member of a bloc, week by week
-- param: name
-- param: source_type = ''
-- param: region = ''
-- param: collection = ''
-- param: salience = ''
-- param: form = ''
-- param: since = 0001-01-01
-- param: until = 9999-12-31
FROM bloc_within($name::VARCHAR, source_type := $source_type::VARCHAR, region := $region::VARCHAR,
  collection := $collection::VARCHAR, salience := $salience::VARCHAR, form := $form::VARCHAR,
  since := $since::DATE, until := $until::DATE)
