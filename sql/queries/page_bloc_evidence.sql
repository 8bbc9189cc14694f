-- about: the sentences of a week that name any member of a bloc, newest articles first, with where to mark each
-- param: bloc
-- param: week
-- param: limit = 20
-- param: offset = 0
-- One row a sentence of the articles on the asked page; articles says how many there are in all.
WITH members AS (
  SELECT m.entity_id FROM main.memberships AS m
  WHERE m.bloc_id = $bloc::VARCHAR AND coalesce(m.valid_from, DATE '0001-01-01') <= $week::DATE
    AND coalesce(m.valid_to, DATE '9999-12-31') > $week::DATE
), named AS (
  SELECT x.article_id, sum(x.mentions)::INTEGER AS mentions FROM mart.article_entities AS x
  WHERE x.week = $week::DATE AND x.entity_id IN (SELECT entity_id FROM members) GROUP BY x.article_id
), found AS (
  SELECT n.article_id, n.mentions, a.title, a.url, a.published_at, f.publisher, (SELECT count(*) FROM named)::INTEGER AS articles
  FROM named AS n JOIN base.articles AS a ON a.article_id = n.article_id JOIN main.feeds AS f ON f.feed_id = a.feed_id
  ORDER BY a.published_at DESC, n.article_id LIMIT $limit::INTEGER OFFSET $offset::INTEGER
)
SELECT d.article_id, d.mentions, d.title, d.url, d.published_at, d.publisher, d.articles, m.field, m.sentence_start,
  list({'starts': m.char_start - m.sentence_start, 'ends': m.char_end - m.sentence_start} ORDER BY m.char_start) AS marks,
  any_value(span_text(CASE m.field WHEN 'title' THEN d.title ELSE t.text END, m.sentence_start, m.sentence_end)) AS sentence
FROM found AS d
JOIN base.mentions AS m ON m.article_id = d.article_id AND m.week = $week::DATE AND m.counted
  AND m.entity_id IN (SELECT entity_id FROM members)
LEFT JOIN base.article_texts AS t ON t.article_id = d.article_id
GROUP BY ALL
ORDER BY d.published_at DESC, d.article_id, m.field DESC, m.sentence_start
