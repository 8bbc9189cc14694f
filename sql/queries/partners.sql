-- about: with whom an entity is named, over the last 52 weeks or since a day
-- (the macro takes all weeks: its caller says; whom one was named with ten years ago is seldom meant by the question)
-- param: entity
-- param: least_articles = 5
-- once: least = least_articles
-- param: source_type = ''
-- param: region = ''
-- param: collection = ''
-- param: salience = ''
-- param: form = ''
-- param: since = ''
-- param: until = 9999-12-31
FROM partners_within($entity::VARCHAR, source_type := $source_type::VARCHAR, region := $region::VARCHAR, collection := $collection::VARCHAR,
  salience := $salience::VARCHAR, form := $form::VARCHAR,
  since := coalesce($since::DATE, (SELECT max(week) - 357 FROM weeks)), until := $until::DATE,
  least_articles := $least_articles::INTEGER)
