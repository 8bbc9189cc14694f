-- about: articles with the words in title or text, those in the title first, then the newest, within a span of weeks
-- param: words
-- param: since = 0001-01-01
-- param: until = 9999-12-31
-- param: texts_since = 0001-01-01
-- param: limit = 20
-- Texts are looked into from `texts_since` on, and read again for the few that are shown.
WITH hits AS (
  SELECT a.article_id, a.week, a.published_at, true AS in_title FROM base.articles AS a
  WHERE a.week BETWEEN $since::DATE AND $until::DATE AND contains(lower(a.title), lower($words::VARCHAR))
  UNION ALL
  SELECT a.article_id, a.week, a.published_at, false FROM base.articles AS a
  WHERE a.week BETWEEN $since::DATE AND $until::DATE AND a.article_id IN (
    SELECT t.article_id FROM base.article_texts AS t
    WHERE t.week BETWEEN greatest($since::DATE, $texts_since::DATE) AND $until::DATE
      AND contains(lower(t.text), lower($words::VARCHAR))
  )
), best AS (
  SELECT h.article_id, h.week, bool_or(h.in_title) AS in_title, max(h.published_at) AS published_at FROM hits AS h
  GROUP BY h.article_id, h.week ORDER BY in_title DESC, published_at DESC NULLS LAST, h.article_id LIMIT $limit::INTEGER
)
SELECT b.article_id, a.title, a.url, b.published_at, f.publisher, a.status, b.in_title,
  CASE WHEN contains(lower(t.text), lower($words::VARCHAR)) THEN
    substring(t.text, greatest(1, position(lower($words::VARCHAR) IN lower(t.text)) - 90)::BIGINT, 180 + length($words::VARCHAR)) END AS excerpt
FROM best AS b
JOIN base.articles AS a ON a.article_id = b.article_id AND a.week = b.week
JOIN main.feeds AS f ON f.feed_id = a.feed_id
LEFT JOIN base.article_texts AS t ON t.article_id = b.article_id AND t.week = b.week
ORDER BY b.in_title DESC, b.published_at DESC NULLS LAST, b.article_id
