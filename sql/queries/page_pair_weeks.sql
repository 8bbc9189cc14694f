-- about: weekly articles that name both of two entities, with the weeks when it could not be known
-- param: a
-- param: b
-- param: since = 0001-01-01
-- param: until = 9999-12-31
SELECT w.week, w.state, w.is_open, w.observed_articles,
  CASE WHEN w.state <> 'unobserved' THEN coalesce(c.articles, 0) END AS articles,
  CASE WHEN w.state <> 'unobserved' THEN coalesce(c.sentences, 0) END AS sentences
FROM mart.weeks AS w
LEFT JOIN mart.co_mentions AS c ON c.week = w.week AND c.entity_a = least($a::VARCHAR, $b::VARCHAR)
  AND c.entity_b = greatest($a::VARCHAR, $b::VARCHAR)
WHERE w.week BETWEEN $since::DATE AND $until::DATE ORDER BY w.week
