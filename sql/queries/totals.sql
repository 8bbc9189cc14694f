-- about: what the archive holds, in one row
SELECT
  (SELECT count(*) FROM articles) AS articles,
  (SELECT count(*) FROM articles WHERE status = 'full') AS full_articles,
  (SELECT count(*) FROM mentions) AS mentions,
  (SELECT count(*) FROM feeds WHERE retired_at IS NULL) AS feeds,
  (SELECT count(DISTINCT publisher) FROM feeds WHERE retired_at IS NULL) AS publishers,
  (SELECT count(*) FROM entries WHERE outcome = 'pending') AS pending,
  (SELECT observed_since FROM horizon)::DATE AS observed_since,
  (SELECT data_through FROM horizon)::DATE AS data_through,
  (SELECT max(vintage) FROM vintages) AS vintage
