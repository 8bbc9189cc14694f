-- about: a row whose article, feed or entity does not exist, or that repeats another week than its article's
-- Zero: rows and what they belong to are written in one transaction.
SELECT 'mention' AS what, m.article_id::VARCHAR AS id
FROM (SELECT DISTINCT article_id, week FROM checked_mentions) AS m
ANTI JOIN checked_articles AS a ON a.article_id = m.article_id AND a.week IS NOT DISTINCT FROM m.week
UNION ALL
SELECT 'mentioned entity', m.entity_id
FROM (SELECT DISTINCT entity_id FROM checked_mentions) AS m ANTI JOIN base.entities AS e USING (entity_id)
UNION ALL
SELECT 'text', t.article_id::VARCHAR FROM checked_texts AS t
ANTI JOIN checked_articles AS a ON a.article_id = t.article_id AND a.week IS NOT DISTINCT FROM t.week
UNION ALL
SELECT 'article of no feed', a.article_id::VARCHAR FROM checked_articles AS a ANTI JOIN base.feeds AS f USING (feed_id)
UNION ALL
SELECT 'article of no story', a.article_id::VARCHAR
FROM (SELECT article_id, story_id FROM base.articles WHERE story_id IS DISTINCT FROM article_id) AS a
ANTI JOIN base.articles AS s ON s.article_id = a.story_id AND s.story_id = a.story_id
UNION ALL
SELECT 'entry of no article', e.entry_id
FROM checked_entries AS e ANTI JOIN base.articles AS a USING (article_id)
WHERE e.outcome IN ('stored', 'duplicate')
UNION ALL
SELECT 'pending entry without its payload', e.entry_id
FROM base.entries AS e ANTI JOIN base.entry_payloads AS p ON p.feed_id = e.feed_id AND p.entry_id = e.entry_id
WHERE e.outcome = 'pending'
