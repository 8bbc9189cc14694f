-- about: what is put around an analyst's statement

-- name: bounded
-- DuckDB's Python client takes all rows of a statement with parameters at once, whatever is said of memory
FROM (
this_statement
) LIMIT this_rows;
