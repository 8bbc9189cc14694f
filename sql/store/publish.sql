-- about: vintages: what was published when

-- name: last
SELECT vintage, version FROM base.vintages ORDER BY vintage DESC LIMIT 1;

-- name: is_whole
SELECT max(vintage) FROM main.vintages;

-- name: is_later
-- whether the last publish lies before this time, so that what was written since can be told by time
SELECT coalesce(max(published_at) <= $now, false) FROM base.vintages;
