-- about: what every page says of the copy it shows: its number, how far it reaches, how many feeds are well
SELECT v.vintage, v.published_at, v.gazetteer, v.articles, v.mentions,
  h.observed_since, h.data_through, h.open_week, h.week_zone,
  (SELECT count(*) FROM mart.weeks AS w WHERE NOT w.is_open) AS complete_weeks,
  (SELECT max(w.week) FROM mart.weeks AS w WHERE NOT w.is_open AND w.state <> 'unobserved') AS last_week,
  (SELECT min(w.week) FROM mart.weeks AS w) AS first_week,
  (SELECT count(*) FROM main.feeds AS f WHERE f.active AND f.retired_at IS NULL) AS feeds,
  (SELECT count(*) FROM main.feeds AS f WHERE f.active AND f.retired_at IS NULL AND f.consecutive_failures = 0
    AND f.last_ok_at IS NOT NULL) AS feeds_well,
  (SELECT count(DISTINCT f.publisher) FROM main.feeds AS f WHERE f.active AND f.retired_at IS NULL) AS sources,
  (SELECT max(r.finished_at) FROM main.runs AS r) AS last_run_at,
  (SELECT arg_max(a.tagger_version, (a.fetched_at, a.article_id)) FROM main.articles AS a WHERE a.tagger_version IS NOT NULL)
    AS tagger,
  (SELECT arg_max(a.extractor_version, (a.fetched_at, a.article_id)) FROM main.articles AS a) AS extractor
FROM mart.horizon AS h
LEFT JOIN (SELECT * FROM main.vintages ORDER BY vintage DESC LIMIT 1) AS v ON true
