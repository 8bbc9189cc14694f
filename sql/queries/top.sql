-- about: the entities named in most articles of a week (the last full one by default), with the change on the eight weeks before
-- param: week = ''
-- param: limit = 20
SELECT entity_id, name, articles, stories, sources, share, share_low, share_high, change8, change8_low, change8_high
FROM weekly_trends
WHERE week = coalesce($week::DATE, (SELECT max(week) FROM weeks WHERE NOT is_open AND state <> 'unobserved')) AND articles > 0
ORDER BY articles DESC, entity_id LIMIT $limit::INTEGER
