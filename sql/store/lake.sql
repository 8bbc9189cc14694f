-- about: a DuckLake: how it is opened, written in turns, and tidied; this_* is replaced, quoted

-- name: load
LOAD 'this_path';

-- name: install
INSTALL this_extension; LOAD this_extension;

-- name: object_store
SET GLOBAL s3_endpoint = 'this_host'; SET GLOBAL s3_url_style = 'path'; SET GLOBAL s3_use_ssl = this_tls;

-- name: attach
-- small loads go into the catalogue, more rows of a table than this into a file; with 2,000 a load took 2.5 times as long
ATTACH 'this_catalogue' AS this_name (DATA_PATH 'this_files', DATA_INLINING_ROW_LIMIT 500);

-- name: attach_latest
ATTACH 'this_catalogue' AS this_name (READ_ONLY);

-- name: attach_snapshot
ATTACH 'this_catalogue' AS this_name (READ_ONLY, SNAPSHOT_VERSION this_snapshot);

-- name: lock_down
SET GLOBAL allowed_directories = ['this_files'];
SET GLOBAL enable_external_access = false;
SET GLOBAL lock_configuration = true;

-- name: told
SELECT json_serialize_sql($sql::VARCHAR)::VARCHAR;

-- name: use
USE warehouse;

-- name: current
SELECT current_database();

-- name: use_current
-- a cursor begins at no lake
USE "this_database";

-- name: has_token
-- a lake, once its first migration is applied
SELECT count(*) > 0 FROM duckdb_databases() AS d
WHERE d.database_name = current_database() AND d.type = 'ducklake' AND EXISTS (
  FROM duckdb_tables() AS t
  WHERE t.database_name = d.database_name AND t.schema_name = 'base' AND t.table_name = 'data_version'
);

-- name: attach_turns
ATTACH 'this_dsn' AS turns (TYPE postgres, READ_ONLY);

-- name: has_turns
SELECT count(*) > 0 FROM duckdb_databases() WHERE database_name = 'turns';

-- name: wait_turn
-- a lock of PostgreSQL that ends with the transaction, or with the writer
FROM postgres_query('turns', 'SELECT set_config(''lock_timeout'', ''600s'', true), pg_advisory_xact_lock(20261127)::TEXT');

-- name: token
-- every write touches this row: of two at once the later one is refused and tried again, so that its anti-joins see the other
UPDATE base.data_version SET version = version;

-- name: unpartitioned
-- what grows, by the month of a day that a row keeps
SELECT t.name, t.day FROM (VALUES
  ('articles', 'week'), ('article_texts', 'week'), ('mentions', 'week'), ('past_mentions', 'week'), ('signatures', 'day'),
  ('entries', 'first_seen_at'), ('fetches', 'started_at'), ('windows', 'polled_at')) AS t(name, day)
ANTI JOIN (
  SELECT x.table_name AS name
  FROM __ducklake_metadata_warehouse.ducklake_partition_info AS p
  JOIN __ducklake_metadata_warehouse.ducklake_table AS x USING (table_id)
  WHERE p.end_snapshot IS NULL AND x.end_snapshot IS NULL
) AS done USING (name);

-- name: partition
ALTER TABLE base.this_table SET PARTITIONED BY (year(this_day), month(this_day));

-- name: mark
CALL ducklake_set_commit_message('warehouse', 'monitor', $message);

-- name: attach_before
ATTACH ':memory:' AS before; CREATE SCHEMA before.base; CREATE SCHEMA before.mart;

-- name: before
-- a table as it was at a snapshot, under the name that a published copy would give it
CREATE VIEW before.this_schema.this_table AS FROM warehouse.this_schema.this_table AT (VERSION => this_snapshot);

-- name: detach_before
DETACH before;

-- name: published
SELECT max(snapshot_id) AS snapshot, max_by(commit_message, snapshot_id) AS message
FROM __ducklake_metadata_warehouse.ducklake_snapshot_changes
WHERE author = 'monitor' AND commit_message LIKE 'vintage %';

-- name: flush
CALL ducklake_flush_inlined_data('warehouse');

-- name: expendable
-- all that is older than asked but the newest and the last vintages that readers were shown
SELECT list(s.snapshot_id) AS versions
FROM __ducklake_metadata_warehouse.ducklake_snapshot AS s
WHERE s.snapshot_time::TIMESTAMPTZ < $before
  AND s.snapshot_id <> (SELECT max(n.snapshot_id) FROM __ducklake_metadata_warehouse.ducklake_snapshot AS n)
  AND s.snapshot_id NOT IN (
    SELECT c.snapshot_id FROM __ducklake_metadata_warehouse.ducklake_snapshot_changes AS c
    WHERE c.author = 'monitor' AND c.commit_message LIKE 'vintage %' ORDER BY c.snapshot_id DESC LIMIT $vintages
  );

-- name: expire
CALL ducklake_expire_snapshots('warehouse', versions => $versions);

-- name: merge
CALL ducklake_merge_adjacent_files('warehouse');

-- name: rewrite
CALL ducklake_rewrite_data_files('warehouse', delete_threshold => $threshold);

-- name: ranges
-- the range of each column, by which files and rows are passed over
SELECT table_id, column_id, min_value, max_value FROM __ducklake_metadata_warehouse.ducklake_table_column_stats;

-- name: set_range
UPDATE __ducklake_metadata_warehouse.ducklake_table_column_stats SET min_value = $low, max_value = $high
WHERE table_id = $table_id AND column_id = $column_id AND min_value IS NULL;

-- name: use_none
-- so that the statement after it looks at the catalogue alone
USE memory;

-- name: clean
CALL ducklake_cleanup_old_files('warehouse', older_than => $before);

-- name: orphans
CALL ducklake_delete_orphaned_files('warehouse', older_than => $before);

-- name: size
SELECT
  (SELECT count(*) FROM __ducklake_metadata_warehouse.ducklake_snapshot) AS snapshots,
  (SELECT count(*) FROM __ducklake_metadata_warehouse.ducklake_data_file WHERE end_snapshot IS NULL) AS files,
  (SELECT coalesce(sum(file_size_bytes), 0)::BIGINT FROM __ducklake_metadata_warehouse.ducklake_data_file
    WHERE end_snapshot IS NULL) AS bytes;
