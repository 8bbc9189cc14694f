-- about: vintages: what was published when

-- name: last
SELECT vintage, version FROM base.vintages ORDER BY vintage DESC LIMIT 1;

-- name: is_whole
SELECT max(vintage) FROM main.vintages;
