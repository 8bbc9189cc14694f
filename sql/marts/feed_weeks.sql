-- about: observed articles of each feed in a week: the denominators of trends by source type, region or collection
-- kind: weeks
-- grain: week, feed_id
SELECT o.week, o.feed_id, count(*)::INTEGER AS observed_articles
FROM mart.observed AS o WHERE o.week IN (SELECT week FROM build_weeks)
GROUP BY o.week, o.feed_id
ORDER BY o.week, o.feed_id
