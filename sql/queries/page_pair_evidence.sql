-- about: sentences that hold both of two names, the newest first, in a span of weeks
-- param: b
-- param: since = 0001-01-01
-- param: until = 9999-12-31
-- param: a
-- param: limit = 20
-- param: offset = 0
-- param: most = 2000
-- A sentence that copies carry is one row: its first article, and who else has it. Of the articles that have one, those of
-- the newest weeks are read, until there are `most`: sentences says how many these have in all, read and articles_of how
-- many articles they are, and of how many.
WITH both_named AS (
  SELECT a.week, a.article_id FROM mart.article_entities AS a
  JOIN mart.article_entities AS b ON b.article_id = a.article_id AND b.entity_id = $b::VARCHAR AND b.week = a.week
    AND b.week BETWEEN $since::DATE AND $until::DATE AND (b.sentences & a.sentences) <> 0
  WHERE a.entity_id = $a::VARCHAR AND a.week BETWEEN $since::DATE AND $until::DATE
), weekly AS (
  SELECT n.week, sum(count(*)) OVER (ORDER BY n.week DESC) AS upto, count(*) AS n
  FROM both_named AS n GROUP BY n.week
), late AS (
  SELECT n.week, n.article_id, (SELECT sum(x.n) FROM weekly AS x) AS articles_of FROM weekly AS w JOIN both_named AS n ON n.week = w.week
  WHERE w.upto - w.n < $most::INTEGER
), spans AS (
  SELECT m.article_id, m.week, n.articles_of, m.field, m.sentence_start, m.sentence_end,
    list({'starts': m.char_start - m.sentence_start, 'ends': m.char_end - m.sentence_start} ORDER BY m.char_start) AS marks
  FROM base.mentions AS m JOIN late AS n ON n.article_id = m.article_id AND n.week = m.week
  WHERE m.counted AND m.entity_id IN ($a::VARCHAR, $b::VARCHAR)
  GROUP BY ALL HAVING count(DISTINCT m.entity_id) = 2
), told AS (
  SELECT s.article_id, s.marks, s.articles_of, a.title, a.url, a.published_at, f.publisher, s.field, s.sentence_start,
    span_text(CASE s.field WHEN 'title' THEN a.title ELSE t.text END, s.sentence_start, s.sentence_end) AS sentence
  FROM spans AS s
  JOIN base.articles AS a ON a.article_id = s.article_id AND a.week = s.week
  JOIN main.feeds AS f ON f.feed_id = a.feed_id
  LEFT JOIN base.article_texts AS t ON t.article_id = s.article_id AND t.week = s.week
), found AS (
  SELECT sentence, arg_min(article_id, (published_at, article_id)) AS article_id,
    arg_min(marks, (published_at, article_id)) AS marks, arg_min(title, (published_at, article_id)) AS title,
    arg_min(url, (published_at, article_id)) AS url, min(published_at) AS published_at,
    arg_min(publisher, (published_at, article_id)) AS publisher, list_sort(list(DISTINCT publisher)) AS publishers,
    count(DISTINCT article_id)::INTEGER AS articles, any_value(articles_of)::INTEGER AS articles_of
  FROM told GROUP BY sentence
)
SELECT f.* EXCLUDE (articles_of), (SELECT count(*) FROM found)::INTEGER AS sentences, f.articles_of,
  (SELECT count(*) FROM late)::INTEGER AS read
FROM found AS f
ORDER BY published_at DESC, article_id, sentence LIMIT $limit::INTEGER OFFSET $offset::INTEGER
