-- about: vintages: what was published when

-- name: last
SELECT vintage, version FROM base.vintages ORDER BY vintage DESC LIMIT 1;

-- name: record
INSERT INTO base.vintages BY NAME
SELECT $vintage::INTEGER AS vintage, $now::TIMESTAMPTZ AS published_at, v.version,
  (SELECT g.version FROM base.gazetteers AS g ORDER BY g.synced_at DESC, g.rowid DESC LIMIT 1) AS gazetteer,
  (SELECT count(*) FROM base.articles) AS articles, (SELECT count(*) FROM base.mentions) AS mentions
FROM base.data_version AS v;

-- name: keep_counts
-- only what differs from the vintage before: the last row of a week and entity up to a vintage is what it published
INSERT INTO base.vintage_counts BY NAME
WITH known AS (
  SELECT week, entity_id, arg_max(articles, vintage) AS articles, arg_max(stories, vintage) AS stories,
    arg_max(sources, vintage) AS sources, arg_max(mentions, vintage) AS mentions
  FROM base.vintage_counts GROUP BY week, entity_id
), now AS (
  SELECT week, entity_id, articles, stories, sources, mentions FROM mart.weekly_mentions WHERE articles > 0
)
SELECT $vintage::INTEGER AS vintage, coalesce(n.week, k.week) AS week, coalesce(n.entity_id, k.entity_id) AS entity_id,
  coalesce(n.articles, 0) AS articles, coalesce(n.stories, 0) AS stories, coalesce(n.sources, 0) AS sources,
  coalesce(n.mentions, 0) AS mentions
FROM now AS n FULL JOIN known AS k ON k.week = n.week AND k.entity_id = n.entity_id
WHERE (coalesce(n.articles, 0), coalesce(n.stories, 0), coalesce(n.sources, 0), coalesce(n.mentions, 0))
  IS DISTINCT FROM (coalesce(k.articles, 0), coalesce(k.stories, 0), coalesce(k.sources, 0), coalesce(k.mentions, 0))
ORDER BY week, entity_id;

-- name: keep_weeks
INSERT INTO base.vintage_weeks BY NAME
WITH known AS (
  SELECT week, arg_max(state, vintage) AS state, arg_max(observed_articles, vintage) AS observed_articles
  FROM base.vintage_weeks GROUP BY week
)
SELECT $vintage::INTEGER AS vintage, w.week, w.state, w.observed_articles
FROM mart.weeks AS w LEFT JOIN known AS k ON k.week = w.week
WHERE (w.state, w.observed_articles) IS DISTINCT FROM (k.state, k.observed_articles)
ORDER BY w.week;

-- name: is_whole
SELECT max(vintage) FROM main.vintages;
