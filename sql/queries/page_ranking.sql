-- about: the names of a week and of the eight weeks before it, most named first, with those weeks' mean and the change's interval
-- param: week
-- param: kind = ''
-- param: limit = 20
SELECT t.entity_id, e.name, e.acronym, e.kind, t.articles, t.stories, t.sources, t.observed_articles, t.share,
  t.mean8, t.mean8 * t.observed_articles AS usual_articles, t.change8, t.change8_low, t.change8_high,
  t.mean8_observed, t.dispersion
FROM main.weekly_trends AS t JOIN main.entities AS e ON e.entity_id = t.entity_id
WHERE t.week = $week::DATE AND (t.articles > 0 OR t.mean8 > 0) AND ($kind::VARCHAR IS NULL OR e.kind = $kind::VARCHAR)
ORDER BY t.articles DESC, t.stories DESC, e.name LIMIT $limit::INTEGER
