-- about: an archive copied into another, chunk by chunk; source is attached, the target is the current database

-- name: attach_file
ATTACH 'this_path' AS source (READ_ONLY);

-- name: detach
DETACH source;

-- name: schema
SELECT max(number) FROM this_place.schema_migrations;

-- name: tables
-- every base table with the column that it is cut into chunks by; what the target makes itself is left out
SELECT t.table_name, arg_min(c.column_name, list_position(['week', 'day', 'first_seen_at', 'started_at', 'polled_at',
  'article_id'], c.column_name)) AS cut
FROM duckdb_tables() AS t
LEFT JOIN duckdb_columns() AS c ON c.database_name = t.database_name AND c.schema_name = t.schema_name
  AND c.table_name = t.table_name
  AND c.column_name IN ('week', 'day', 'first_seen_at', 'started_at', 'polled_at', 'article_id')
WHERE t.database_name = current_database() AND t.schema_name = 'base'
  AND t.table_name NOT IN ('schema_migrations', 'mart_builds')
GROUP BY t.table_name ORDER BY t.table_name = 'data_version', t.table_name;

-- name: month
strftime(this_cut::DATE, '%Y-%m')

-- name: bucket
((this_cut & 15)::VARCHAR)

-- name: whole
'all'

-- name: chunks
-- rows and the sum of their hashes, which does not depend on their order
SELECT this_chunk AS chunk, count(*) AS n, sum(hash(this_table)) AS digest FROM this_place.this_table GROUP BY chunk ORDER BY chunk;

-- name: clear
DELETE FROM base.this_table WHERE this_chunk IS NOT DISTINCT FROM $chunk;

-- name: take
INSERT INTO base.this_table BY NAME
SELECT * FROM source.base.this_table WHERE this_chunk IS NOT DISTINCT FROM $chunk ORDER BY rowid;
