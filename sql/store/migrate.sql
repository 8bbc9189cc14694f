-- about: how the schema's own history is kept

-- name: create
CREATE SCHEMA IF NOT EXISTS base;
CREATE TABLE IF NOT EXISTS base.schema_migrations (
  number INTEGER NOT NULL, name VARCHAR NOT NULL, digest VARCHAR NOT NULL, applied_at TIMESTAMPTZ NOT NULL
);

-- name: is_warehouse
SELECT 1 FROM duckdb_tables() WHERE schema_name = 'base' AND table_name = 'schema_migrations';

-- name: applied
SELECT number, digest FROM base.schema_migrations ORDER BY number;

-- name: record
INSERT INTO base.schema_migrations VALUES (?, ?, ?, ?);

-- name: file_size
-- the header counts the blocks: a file that is shorter was cut off
SELECT coalesce(max(3 * 4096 + total_blocks * block_size), 0)::BIGINT FROM pragma_database_size() WHERE total_blocks > 0;
