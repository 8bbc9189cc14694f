-- about: how the schema's own history is kept

-- name: create
CREATE SCHEMA IF NOT EXISTS base;
CREATE TABLE IF NOT EXISTS base.schema_migrations (
  number INTEGER NOT NULL, name VARCHAR NOT NULL, digest VARCHAR NOT NULL, applied_at TIMESTAMPTZ NOT NULL
);

-- name: is_warehouse
SELECT 1 FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'base' AND table_name = 'schema_migrations';

-- name: applied
SELECT number, digest FROM base.schema_migrations ORDER BY number;

-- name: settle
UPDATE base.schema_migrations SET number = $number, name = $name, digest = $digest WHERE number = $was;

-- name: record
INSERT INTO base.schema_migrations VALUES (?, ?, ?, ?);

-- name: file_size
-- blocks in use by the header's count: a file that has not even their room was cut off (free ones at the end may be gone)
SELECT coalesce(max(3 * 4096 + used_blocks * block_size), 0)::BIGINT FROM pragma_database_size() WHERE used_blocks > 0;
