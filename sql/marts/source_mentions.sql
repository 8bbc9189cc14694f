-- about: how often each source named each entity in a week; a source and week with articles but no row here said nothing
-- kind: weeks
-- step: 26
-- grain: week, entity_id, publisher
SELECT a.week, a.entity_id, f.publisher, count(*)::INTEGER AS articles, sum(a.mentions)::INTEGER AS mentions,
  count(*) FILTER (a.story_id IS NULL)::INTEGER AS first_articles
FROM mart.article_entities AS a
JOIN base.feeds AS f USING (feed_id)
WHERE a.week IN (SELECT week FROM build_weeks)
GROUP BY a.week, a.entity_id, f.publisher
ORDER BY a.week, a.entity_id, f.publisher
