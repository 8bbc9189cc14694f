-- about: what the archive holds of one feed, by its id
-- param: feed_id
-- once: feed = feed_id
SELECT f.feed_id, f.publisher, count(a.article_id)::INTEGER AS articles, min(a.published_at)::DATE AS first_article,
  max(a.published_at)::DATE AS last_article
FROM feeds AS f LEFT JOIN articles AS a USING (feed_id)
WHERE f.feed_id = $feed_id GROUP BY f.feed_id, f.publisher
