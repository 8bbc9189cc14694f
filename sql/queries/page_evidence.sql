-- about: the sentences that a name was counted from in a span of weeks, newest articles first, with where to mark them
-- param: entity
-- param: since = 0001-01-01
-- param: until = 9999-12-31
-- param: type = ''
-- param: region = ''
-- param: collection = ''
-- param: source = ''
-- param: salience = ''
-- param: forms = 0
-- param: limit = 20
-- param: offset = 0
-- One row a counted mention of the articles on the asked page; articles and mentions say how many there are in all.
WITH found AS (
  SELECT x.article_id, x.week, x.mentions, a.title, a.url, a.published_at, a.first_seen_at, f.publisher, f.source_type,
    coalesce(x.story_id, x.article_id) AS story_id, x.is_later_copy,
    count(*) OVER () AS articles, sum(x.mentions) OVER () AS all_mentions
  FROM mart.article_entities AS x
  JOIN base.articles AS a ON a.article_id = x.article_id
  JOIN main.feeds AS f ON f.feed_id = x.feed_id
  WHERE x.entity_id = $entity::VARCHAR AND x.week BETWEEN $since::DATE AND $until::DATE
    AND ($type::VARCHAR IS NULL OR f.source_type = $type::VARCHAR) AND ($region::VARCHAR IS NULL OR f.region = $region::VARCHAR)
    AND ($collection::VARCHAR IS NULL OR list_contains(f.collections, $collection::VARCHAR)) AND ($source::VARCHAR IS NULL OR f.publisher = $source::VARCHAR)
    AND CASE $salience::VARCHAR WHEN 'title' THEN x.in_title WHEN 'lead' THEN x.in_title OR x.in_lead WHEN 'two' THEN x.mentions >= 2
      ELSE true END
    AND ($forms::INTEGER = 0 OR (x.forms::INTEGER & $forms::INTEGER) <> 0)
  ORDER BY a.published_at DESC, x.article_id LIMIT $limit::INTEGER OFFSET $offset::INTEGER
)
SELECT d.*, m.field, m.form, m.zone, m.surface, m.alias,
  m.char_start - m.sentence_start AS mark_start, m.char_end - m.sentence_start AS mark_end,
  span_text(CASE m.field WHEN 'title' THEN d.title ELSE t.text END, m.sentence_start, m.sentence_end) AS sentence,
  m.sentence_start
FROM found AS d
JOIN base.mentions AS m ON m.article_id = d.article_id AND m.week = d.week AND m.entity_id = $entity::VARCHAR AND m.counted
LEFT JOIN base.article_texts AS t ON t.article_id = d.article_id
ORDER BY d.published_at DESC, d.article_id, m.field DESC, m.char_start
