-- about: the weekly trend of some names within the sources, prominence and forms that a viewer chose
-- param: source_type = ''
-- param: region = ''
-- param: collection = ''
-- param: source = ''
-- param: since = 0001-01-01
-- param: until = 9999-12-31
-- param: entities
-- param: salience = ''
-- param: form = ''
-- The dispersion is that of the name over all sources.
WITH chosen AS (
  SELECT f.feed_id, f.publisher FROM chosen_feeds($source_type::VARCHAR, $region::VARCHAR, $collection::VARCHAR) AS f
  WHERE $source::VARCHAR IS NULL OR f.publisher = $source::VARCHAR
), weeks AS (
  SELECT * FROM weeks_of_feeds((SELECT list(c.feed_id) FROM chosen AS c)) AS w WHERE w.week BETWEEN $since::DATE - 21 AND $until::DATE
), named AS (
  SELECT a.week, a.entity_id, count(*) AS articles,
    count(DISTINCT coalesce(a.story_id, a.article_id)) FILTER (NOT a.is_later_copy) AS stories,
    count(DISTINCT c.publisher) AS sources
  FROM mart.article_entities AS a JOIN chosen AS c ON c.feed_id = a.feed_id
  WHERE a.week BETWEEN $since::DATE - 21 AND $until::DATE AND a.entity_id IN (SELECT unnest($entities::VARCHAR[]))
    AND is_chosen($salience::VARCHAR, $form::VARCHAR, a.in_title, a.in_lead, a.mentions, a.forms)
  GROUP BY a.week, a.entity_id
), counted AS (
  SELECT w.week, e.entity_id, w.state, w.is_open, w.is_provisional,
    CASE WHEN w.state <> 'unobserved' THEN coalesce(n.articles, 0) END AS articles,
    CASE WHEN w.state <> 'unobserved' THEN coalesce(n.stories, 0) END AS stories,
    CASE WHEN w.state <> 'unobserved' THEN coalesce(n.sources, 0) END AS sources,
    CASE WHEN w.state <> 'unobserved' THEN w.observed_articles END AS observed_articles,
    coalesce(d.dispersion, 1) AS phi
  FROM weeks AS w
  CROSS JOIN (SELECT unnest($entities::VARCHAR[]) AS entity_id) AS e
  LEFT JOIN named AS n ON n.week = w.week AND n.entity_id = e.entity_id
  LEFT JOIN mart.weekly_trends AS d ON d.week = w.week AND d.entity_id = e.entity_id
), means AS (
  SELECT *, articles / nullif(observed_articles, 0)::DOUBLE AS share,
    sum(articles) OVER four / nullif(sum(observed_articles) OVER four, 0)::DOUBLE AS four_share
  FROM counted
  WINDOW four AS (PARTITION BY entity_id ORDER BY week ROWS BETWEEN 3 PRECEDING AND CURRENT ROW)
)
SELECT week, entity_id, articles::INTEGER AS articles, stories::INTEGER AS stories, sources::INTEGER AS sources,
  observed_articles::INTEGER AS observed_articles, share, wilson_low(share, nullif(observed_articles, 0) / phi) AS share_low,
  wilson_high(share, nullif(observed_articles, 0) / phi) AS share_high,
  CASE WHEN share IS NOT NULL THEN four_share END AS mean4, state, is_open, is_provisional
FROM means WHERE week >= $since::DATE
ORDER BY list_position($entities::VARCHAR[], entity_id), week
