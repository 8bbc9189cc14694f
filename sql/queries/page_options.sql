-- about: what the filters offer: source types, regions and collections that have sources
SELECT 'source_type' AS filter, f.source_type AS value, count(DISTINCT f.publisher) AS sources
FROM main.feeds AS f WHERE f.source_type <> '' GROUP BY f.source_type
UNION ALL
SELECT 'region', f.region, count(DISTINCT f.publisher) FROM main.feeds AS f WHERE f.region <> '' GROUP BY f.region
UNION ALL
SELECT 'collection', c.name, count(DISTINCT c.publisher)
FROM (SELECT unnest(f.collections) AS name, f.publisher FROM main.feeds AS f) AS c GROUP BY c.name
ORDER BY filter, sources DESC, value
