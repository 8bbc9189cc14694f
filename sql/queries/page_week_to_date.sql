-- about: the open week so far for some names, beside what the eight weeks before had at the same age
-- param: entities
SELECT d.week, d.entity_id, e.name, d.articles, d.observed_articles, d.earlier_weeks, d.same_age_articles, d.same_age_share
FROM mart.week_to_date AS d JOIN main.entities AS e ON e.entity_id = d.entity_id
WHERE d.entity_id IN (SELECT unnest($entities::VARCHAR[])) ORDER BY list_position($entities::VARCHAR[], d.entity_id)
