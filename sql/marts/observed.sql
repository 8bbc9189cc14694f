-- about: the denominator: tagged articles of full text in a supported language, with a date
-- kind: view
-- grain: article_id
SELECT
  a.week, a.article_id, a.feed_id, f.publisher, f.source_type, f.region, f.collections, a.title, a.url, a.language,
  a.published_at, a.first_seen_at, a.story_id, a.is_backfilled, a.word_count
FROM base.articles AS a
JOIN base.feeds AS f USING (feed_id)
WHERE a.status = 'full' AND a.tagger_version IS NOT NULL AND a.week IS NOT NULL
  AND (a.language IS NULL OR split_part(lower(a.language), '-', 1) IN (SELECT s.language FROM mart.supported_languages AS s))
