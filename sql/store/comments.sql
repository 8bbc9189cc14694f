-- about: comments on relations, columns and macros; this_relation, this_column and this_text are replaced, the text quoted

-- name: relations
SELECT schema_name || '.' || table_name AS relation, 'table' AS kind, comment FROM duckdb_tables()
WHERE schema_name IN ('base', 'mart') AND NOT temporary AND database_name = current_database()
UNION ALL
SELECT schema_name || '.' || view_name, 'view', comment FROM duckdb_views()
WHERE schema_name IN ('main', 'mart') AND NOT internal AND NOT temporary AND database_name = current_database()
ORDER BY relation;

-- name: columns
SELECT schema_name || '.' || table_name AS relation, column_name, comment FROM duckdb_columns()
WHERE schema_name IN ('base', 'mart', 'main') AND NOT internal AND database_name = current_database()
  AND ((SELECT type FROM duckdb_databases() WHERE database_name = current_database()) = 'duckdb'
    OR (schema_name, table_name) IN (SELECT (schema_name, table_name) FROM duckdb_tables()))  -- a lake's views take none
ORDER BY relation, column_index;

-- name: on_table
COMMENT ON TABLE this_relation IS this_text;

-- name: on_view
COMMENT ON VIEW this_relation IS this_text;

-- name: on_column
COMMENT ON COLUMN this_relation."this_column" IS this_text;

-- name: dictionary
SELECT c.schema_name || '.' || c.table_name AS relation, coalesce(t.comment, v.comment) AS about, c.column_name,
  c.data_type, c.comment AS meaning
FROM duckdb_columns() AS c
LEFT JOIN duckdb_tables() AS t ON t.schema_name = c.schema_name AND t.table_name = c.table_name
LEFT JOIN duckdb_views() AS v ON v.schema_name = c.schema_name AND v.view_name = c.table_name
WHERE c.schema_name IN ('base', 'mart', 'main') AND NOT c.internal AND c.database_name = current_database()
ORDER BY c.schema_name = 'base', c.schema_name = 'mart', relation, c.column_index;

-- name: on_macro
COMMENT ON MACRO main.this_relation IS this_text;

-- name: on_table_macro
COMMENT ON MACRO TABLE main.this_relation IS this_text;

-- name: macros
SELECT function_name, function_type, parameters, comment FROM duckdb_functions()
WHERE schema_name = 'main' AND NOT internal AND function_type IN ('macro', 'table_macro')
  AND database_name = current_database()
  AND (SELECT type FROM duckdb_databases() WHERE database_name = current_database()) = 'duckdb'  -- a lake's take none
ORDER BY function_name;
