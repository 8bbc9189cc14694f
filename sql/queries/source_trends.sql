-- about: one entity's share over all sources, in the matched panel, and with every source counting the same
-- param: entity
-- param: since = 0001-01-01
-- param: until = 9999-12-31
SELECT t.week, t.share, p.chained_share AS panel, e.source_equal_share AS source_equal, p.panel_sources, e.sources
FROM weekly_trends AS t
JOIN panel_trends AS p USING (week, entity_id)
JOIN source_equal_trends AS e USING (week, entity_id)
WHERE t.entity_id = counted_entity($entity::VARCHAR) AND t.week BETWEEN $since::DATE AND $until::DATE
ORDER BY t.week
