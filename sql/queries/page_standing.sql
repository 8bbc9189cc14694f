-- about: one name's week: counts, share and the change on the eight weeks before
-- param: entity
-- param: week
SELECT t.entity_id, t.articles, t.stories, t.sources, t.observed_articles, t.share, t.share_low, t.share_high, t.mean8,
  t.mean8 * t.observed_articles AS usual_articles, t.change8, t.change8_low, t.change8_high, t.state,
  t.mean8_observed, t.dispersion
FROM main.weekly_trends AS t WHERE t.entity_id = $entity::VARCHAR AND t.week = $week::DATE
