-- about: all weeks from the first to the last that any poll could see, with how much of the whole was seen
-- kind: whole
-- grain: week
-- A week is observed when four fifths of its sources are (a tenth of feeds fails on any day: a fifth is not normal) and four
-- fifths of the articles that could be counted are not missing (one large source may have announced most of them),
-- unobserved when no source was seen at all, or none throughout and not one article came of it.
SELECT w.week,
  CASE
    WHEN coalesce(s.observed + s.partial, 0) = 0 OR (s.observed = 0 AND s.observed_articles = 0) THEN 'unobserved'
    WHEN s.observed >= 0.8 * s.sources AND s.missing_articles <= 0.2 * (s.observed_articles + s.missing_articles) THEN 'observed'
    ELSE 'partial'
  END AS state,
  w.week = h.open_week AS is_open,
  day_start(w.week + 14) > h.data_through AS is_provisional,
  coalesce(s.sources, 0)::INTEGER AS sources,
  coalesce(s.observed, 0)::INTEGER AS sources_observed,
  coalesce(s.partial, 0)::INTEGER AS sources_partial,
  (coalesce(s.sources, 0) - coalesce(s.observed, 0) - coalesce(s.partial, 0))::INTEGER AS sources_unobserved,
  coalesce(s.articles, 0)::INTEGER AS articles,
  coalesce(s.observed_articles, 0)::INTEGER AS observed_articles,
  coalesce(s.partial_articles, 0)::INTEGER AS partial_articles,
  coalesce(s.metadata_articles, 0)::INTEGER AS metadata_articles,
  coalesce(s.missing_articles, 0)::INTEGER AS missing_articles,
  t.tagger_version
FROM mart.horizon AS h
CROSS JOIN (
  SELECT unnest(range(min(x.week), greatest(max(x.week), any_value(y.open_week)) + 1, INTERVAL 7 DAYS))::DATE AS week
  FROM mart.source_weeks AS x CROSS JOIN mart.horizon AS y
  WHERE x.covered > 0 OR (x.observed_articles > 0 AND y.observed_since IS NULL)
) AS w
LEFT JOIN (
  SELECT week, count(*) AS sources, count(*) FILTER (state = 'observed') AS observed,
    count(*) FILTER (state = 'partial') AS partial, sum(articles) AS articles, sum(observed_articles) AS observed_articles,
    sum(partial_articles) AS partial_articles, sum(metadata_articles) AS metadata_articles,
    sum(missing_articles) AS missing_articles
  FROM mart.source_weeks GROUP BY week
) AS s ON s.week = w.week
LEFT JOIN (
  SELECT week, arg_max(tagger_version, (n, tagger_version)) AS tagger_version
  FROM (SELECT week, tagger_version, count(*) AS n FROM base.articles WHERE status = 'full' GROUP BY week, tagger_version)
  GROUP BY week
) AS t ON t.week = w.week
ORDER BY w.week
