-- about: two entities together, week by week, with lift over independence
-- param: a
-- param: b
-- param: source_type = ''
-- param: region = ''
-- param: collection = ''
-- param: salience = ''
-- param: form = ''
-- param: since = 0001-01-01
-- param: until = 9999-12-31
FROM pair_within($a::VARCHAR, $b::VARCHAR, source_type := $source_type::VARCHAR, region := $region::VARCHAR,
  collection := $collection::VARCHAR, salience := $salience::VARCHAR, form := $form::VARCHAR,
  since := $since::DATE, until := $until::DATE)
