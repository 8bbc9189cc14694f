-- about: how marts are written; this_mart stands for the mart's name, which is its file's

-- name: is_built
SELECT count(*) > 0 FROM base.mart_builds WHERE digest = $digest;

-- name: start_over
DROP SCHEMA IF EXISTS mart CASCADE;
CREATE SCHEMA mart;

-- name: create_table
CREATE OR REPLACE TABLE mart.this_mart AS

-- name: create_view
CREATE OR REPLACE VIEW mart.this_mart AS

-- name: forget_weeks
DELETE FROM mart.this_mart WHERE week IN (SELECT week FROM build_weeks);

-- name: forget_all
DELETE FROM mart.this_mart;

-- name: insert
INSERT INTO mart.this_mart BY NAME

-- name: as_written
-- tables of an open transaction look empty to the planner, which would build its hash tables from the largest: in a full
-- build joins are made as the marts write them, the larger side first
SET disabled_optimizers = 'build_side_probe_side,join_order';

-- name: as_estimated
RESET disabled_optimizers;

-- name: all_weeks
-- every week that an article or a poll's window lies in, from the first poll's reach to the last poll
CREATE OR REPLACE TEMP TABLE build_weeks AS
SELECT unnest(range(min(week), max(week) + 1, INTERVAL 7 DAYS))::DATE AS week
FROM (
  SELECT week FROM base.articles WHERE week IS NOT NULL
  UNION ALL
  SELECT week_of(unnest([min(least(oldest_entry_at, polled_at)), max(greatest(oldest_entry_at, polled_at))]))
  FROM base.windows
);

-- name: every_week
CREATE OR REPLACE TEMP TABLE every_week AS SELECT week FROM build_weeks;

-- name: count_weeks
SELECT count(*) FROM every_week;

-- name: some_weeks
CREATE OR REPLACE TEMP TABLE build_weeks AS SELECT week FROM every_week ORDER BY week LIMIT $size OFFSET $first;

-- name: dirty_weeks
-- the weeks that changed, and all from the week that was open at the last build to the one that is open now
CREATE OR REPLACE TEMP TABLE changed_weeks AS
SELECT week FROM base.dirty_weeks
UNION
SELECT unnest($weeks::DATE[])
UNION
SELECT unnest(range(h.open_week, week_of(w.at) + 1, INTERVAL 7 DAYS))::DATE
FROM mart.horizon AS h, (SELECT max(polled_at) AS at FROM base.windows) AS w;

-- name: weeks
-- a changed week and those after it that are computed from it
CREATE OR REPLACE TEMP TABLE build_weeks AS
SELECT DISTINCT (c.week + (7 * r.range)::INTEGER)::DATE AS week
FROM changed_weeks AS c CROSS JOIN range($reach::BIGINT + 1) AS r
WHERE c.week + (7 * r.range)::INTEGER <= (SELECT greatest(max(d.week), max(h.open_week)) FROM changed_weeks AS d, mart.horizon AS h);

-- name: blocks
-- the first weeks of the blocks of 13 weeks that the changed weeks lie in; a block counts once it is over
CREATE OR REPLACE TEMP TABLE build_weeks AS
SELECT DISTINCT block_start(c.week) AS week
FROM changed_weeks AS c, mart.horizon AS h WHERE block_start(c.week) + 91 <= h.open_week;

-- name: all_blocks
CREATE OR REPLACE TEMP TABLE build_weeks AS
SELECT DISTINCT block_start(w.week) AS week
FROM mart.weeks AS w, mart.horizon AS h WHERE block_start(w.week) + 91 <= h.open_week;

-- name: forget_build
DELETE FROM base.mart_builds;
DELETE FROM base.dirty_weeks;

-- name: record
INSERT INTO base.mart_builds SELECT $digest, version FROM base.data_version;
