-- about: the sentences that a name was counted from in a span of weeks, newest articles first, with where to mark them
-- param: entity
-- param: since = 0001-01-01
-- param: until = 9999-12-31
-- param: source_type = ''
-- param: region = ''
-- param: collection = ''
-- param: source = ''
-- param: salience = ''
-- param: form = ''
-- param: limit = 20
-- param: offset = 0
-- One row a counted mention of the articles on the asked page; articles and mentions say how many there are in all. Only
-- the weeks that the page lies in are looked into: a name may stand in a third of a million articles.
WITH named AS (
  SELECT x.article_id, x.week, x.mentions, x.feed_id, x.story_id, x.is_later_copy
  FROM mart.article_entities AS x JOIN chosen_feeds($source_type::VARCHAR, $region::VARCHAR, $collection::VARCHAR) AS f ON f.feed_id = x.feed_id
  WHERE x.entity_id = $entity::VARCHAR AND x.week BETWEEN $since::DATE AND $until::DATE
    AND ($source::VARCHAR IS NULL OR f.publisher = $source::VARCHAR)
    AND is_chosen($salience::VARCHAR, $form::VARCHAR, x.in_title, x.in_lead, x.mentions, x.forms)
), weekly AS (
  SELECT n.week, count(*) AS n, sum(count(*)) OVER (ORDER BY n.week DESC) AS upto, sum(n.mentions) AS mentions
  FROM named AS n GROUP BY n.week
), wanted AS (
  SELECT w.*, (SELECT sum(x.n) FROM weekly AS x) AS articles, (SELECT sum(x.mentions) FROM weekly AS x) AS all_mentions
  FROM weekly AS w WHERE w.upto > $offset::INTEGER AND w.upto - w.n < $offset::INTEGER + $limit::INTEGER
), dated AS (
  SELECT n.*, w.articles, w.all_mentions, a.published_at,
    w.upto - w.n + row_number() OVER (PARTITION BY n.week ORDER BY a.published_at DESC, n.article_id) AS place
  FROM wanted AS w JOIN named AS n ON n.week = w.week
  JOIN base.articles AS a ON a.article_id = n.article_id AND a.week = n.week
), found AS (
  SELECT d.article_id, d.week, d.mentions, a.title, a.url, d.published_at, a.first_seen_at, f.publisher, f.source_type,
    coalesce(d.story_id, d.article_id) AS story_id, d.is_later_copy, d.articles, d.all_mentions, d.place
  FROM dated AS d
  JOIN base.articles AS a ON a.article_id = d.article_id AND a.week = d.week
  JOIN main.feeds AS f ON f.feed_id = d.feed_id
  WHERE d.place > $offset::INTEGER AND d.place <= $offset::INTEGER + $limit::INTEGER
)
SELECT d.* EXCLUDE (place), m.field, m.form, m.zone, m.surface, m.alias,
  m.char_start - m.sentence_start AS mark_start, m.char_end - m.sentence_start AS mark_end,
  span_text(CASE m.field WHEN 'title' THEN d.title ELSE t.text END, m.sentence_start, m.sentence_end) AS sentence,
  m.sentence_start
FROM found AS d
JOIN base.mentions AS m ON m.article_id = d.article_id AND m.week = d.week AND m.entity_id = $entity::VARCHAR AND m.counted
LEFT JOIN base.article_texts AS t ON t.article_id = d.article_id AND t.week = d.week
ORDER BY d.place, m.field DESC, m.char_start
