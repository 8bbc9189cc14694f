-- about: what `monitor doctor` and the start of a run ask of a warehouse or of a published copy

-- name: schema
SELECT max(number) AS number FROM base.schema_migrations;

-- name: newest
-- the newest time that a run noted, by whatever the clock said then
SELECT greatest((SELECT max(started_at) FROM base.runs), (SELECT max(polled_at) FROM base.windows)) AS newest;

-- name: last_vintage
SELECT coalesce(max(vintage), 0)::INTEGER AS vintage FROM base.vintages;
