-- about: another id for a feed, with all its history

-- name: tables
-- every base table that names a feed, those of later migrations too
SELECT table_name FROM duckdb_columns()
WHERE database_name = current_database() AND schema_name = 'base' AND column_name = 'feed_id' ORDER BY table_name;

-- name: rename
UPDATE base.this_table SET feed_id = $new WHERE feed_id = $old;

-- name: known
SELECT DISTINCT feed_id FROM base.feeds UNION SELECT DISTINCT feed_id FROM base.entries ORDER BY 1;

-- name: has_history
SELECT count(*) > 0 FROM base.entries WHERE feed_id = $feed_id;

-- name: drop_bare
-- a feed of that id without any entry: its declaration and state give way to the one that is renamed
DELETE FROM base.feeds WHERE feed_id = $feed_id;

-- name: drop_bare_state
DELETE FROM base.feed_states WHERE feed_id = $feed_id;

-- name: drop_bare_windows
DELETE FROM base.windows WHERE feed_id = $feed_id;

-- name: articles
SELECT count(*)::INTEGER FROM base.articles WHERE feed_id = $feed_id;
