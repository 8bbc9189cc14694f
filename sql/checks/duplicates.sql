-- about: an identity that stands twice
-- Zero: keys are kept unique by the anti-joins at load, since the tables have no constraints.
SELECT 'article' AS what, article_id::VARCHAR AS id FROM checked_ids GROUP BY article_id HAVING count(*) > 1
UNION ALL
SELECT 'canonical url', canonical_url FROM checked_urls GROUP BY canonical_url HAVING count(*) > 1
UNION ALL
SELECT 'text', article_id::VARCHAR FROM checked_text_ids GROUP BY article_id HAVING count(*) > 1
UNION ALL
SELECT 'entry', entry_id FROM checked_entries GROUP BY feed_id, entry_id HAVING count(*) > 1
UNION ALL
SELECT 'feed', feed_id FROM base.feeds GROUP BY feed_id HAVING count(*) > 1
UNION ALL
SELECT 'feed state', feed_id FROM base.feed_states GROUP BY feed_id HAVING count(*) > 1
UNION ALL
SELECT 'poll', feed_id FROM checked_polls GROUP BY feed_id, polled_at HAVING count(*) > 1
UNION ALL
SELECT 'entity', entity_id FROM base.entities GROUP BY entity_id HAVING count(*) > 1
UNION ALL
SELECT 'vintage', vintage::VARCHAR FROM base.vintages GROUP BY vintage HAVING count(*) > 1
