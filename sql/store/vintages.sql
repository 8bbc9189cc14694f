-- about: what a publish changed in the weekly counts, and why: the marts now against those of the copy published before,
-- which is attached as `before`. Counts are kept as differences, one row a reason; their sum is what was published.

-- name: attach
ATTACH 'this_path' AS before (READ_ONLY);

-- name: detach
DETACH before;

-- name: record
INSERT INTO base.vintages BY NAME
SELECT $vintage::INTEGER AS vintage, $now::TIMESTAMPTZ AS published_at, v.version,
  $gazetteer::VARCHAR AS gazetteer,
  (SELECT count(*) FROM base.articles) AS articles, (SELECT count(*) FROM base.mentions) AS mentions
FROM base.data_version AS v;

-- name: differences
-- what the marts say now less what was published before, all reasons together
CREATE OR REPLACE TEMP TABLE count_changes AS
WITH known AS (
  SELECT week, entity_id, sum(articles) AS articles, sum(stories) AS stories, sum(sources) AS sources,
    sum(mentions) AS mentions, sum(title_articles) AS title_articles
  FROM base.vintage_changes GROUP BY week, entity_id
), now AS (
  SELECT week, entity_id, articles, stories, sources, mentions, title_articles FROM mart.weekly_mentions WHERE articles > 0
  UNION ALL
  SELECT week, '*', observed_articles, 0, 0, 0, 0 FROM mart.weeks WHERE observed_articles > 0
)
SELECT coalesce(n.week, k.week) AS week, coalesce(n.entity_id, k.entity_id) AS entity_id,
  coalesce(n.articles, 0) - coalesce(k.articles, 0) AS articles, coalesce(n.stories, 0) - coalesce(k.stories, 0) AS stories,
  coalesce(n.sources, 0) - coalesce(k.sources, 0) AS sources,
  coalesce(n.mentions, 0) - coalesce(k.mentions, 0) AS mentions,
  coalesce(n.title_articles, 0) - coalesce(k.title_articles, 0) AS title_articles
FROM now AS n FULL JOIN known AS k ON k.week = n.week AND k.entity_id = n.entity_id
WHERE coalesce(n.articles, 0) <> coalesce(k.articles, 0) OR coalesce(n.stories, 0) <> coalesce(k.stories, 0)
  OR coalesce(n.sources, 0) <> coalesce(k.sources, 0) OR coalesce(n.mentions, 0) <> coalesce(k.mentions, 0)
  OR coalesce(n.title_articles, 0) <> coalesce(k.title_articles, 0);

-- name: changed_weeks
SELECT DISTINCT week FROM count_changes ORDER BY week;

-- name: programs
-- whether both were counted by the same rules, and named by the same gazetteer
SELECT
  (SELECT list(digest) FROM before.base.mart_builds) = (SELECT list(digest) FROM base.mart_builds) AS same_rules,
  gazetteer = $gazetteer::VARCHAR AS same_names, vintage, published_at
FROM before.base.vintages ORDER BY vintage DESC LIMIT 1;

-- name: keep_parts
INSERT INTO base.vintage_changes BY NAME
SELECT $vintage::INTEGER AS vintage, * FROM count_parts ORDER BY week, entity_id, reason;

-- name: rest
-- what the parts leave over
INSERT INTO base.vintage_changes BY NAME
WITH told AS (
  SELECT week, entity_id, sum(articles) AS articles, sum(stories) AS stories, sum(sources) AS sources,
    sum(mentions) AS mentions, sum(title_articles) AS title_articles
  FROM base.vintage_changes WHERE vintage = $vintage GROUP BY week, entity_id
)
SELECT $vintage::INTEGER AS vintage, coalesce(c.week, t.week) AS week, coalesce(c.entity_id, t.entity_id) AS entity_id,
  $reason AS reason, coalesce(c.articles, 0) - coalesce(t.articles, 0) AS articles,
  coalesce(c.stories, 0) - coalesce(t.stories, 0) AS stories, coalesce(c.sources, 0) - coalesce(t.sources, 0) AS sources,
  coalesce(c.mentions, 0) - coalesce(t.mentions, 0) AS mentions,
  coalesce(c.title_articles, 0) - coalesce(t.title_articles, 0) AS title_articles
FROM count_changes AS c FULL JOIN told AS t ON t.week = c.week AND t.entity_id = c.entity_id
WHERE coalesce(c.articles, 0) <> coalesce(t.articles, 0) OR coalesce(c.stories, 0) <> coalesce(t.stories, 0)
  OR coalesce(c.sources, 0) <> coalesce(t.sources, 0) OR coalesce(c.mentions, 0) <> coalesce(t.mentions, 0)
  OR coalesce(c.title_articles, 0) <> coalesce(t.title_articles, 0)
ORDER BY week, entity_id;

-- name: weeks
INSERT INTO base.vintage_weeks BY NAME
WITH known AS (
  SELECT unnest(arg_max(k, k.vintage)) FROM base.vintage_weeks AS k GROUP BY k.week
), now AS (
  SELECT week, state, observed_articles, sources, sources_observed, sources_partial, sources_unobserved, missing_articles
  FROM mart.weeks
  UNION ALL
  SELECT k.week, 'gone', 0, 0, 0, 0, 0, 0 FROM known AS k ANTI JOIN mart.weeks AS w ON w.week = k.week
)
SELECT $vintage::INTEGER AS vintage, n.* FROM (
  FROM now
  EXCEPT
  SELECT week, state, observed_articles, sources, sources_observed, sources_partial, sources_unobserved, missing_articles
  FROM known
) AS n
ORDER BY n.week;

-- name: dispersions
INSERT INTO base.vintage_dispersions BY NAME
WITH known AS (
  SELECT week, entity_id, arg_max_null(dispersion, vintage) AS dispersion FROM base.vintage_dispersions GROUP BY week, entity_id
), now AS (
  SELECT block_start(week) AS week, entity_id, max(dispersion) AS dispersion FROM mart.weekly_trends
  WHERE interval_kind = 'quasi-binomial' GROUP BY ALL
)
SELECT $vintage::INTEGER AS vintage, coalesce(n.week, k.week) AS week, coalesce(n.entity_id, k.entity_id) AS entity_id,
  coalesce(n.dispersion, 1) AS dispersion
FROM now AS n FULL JOIN known AS k ON k.week = n.week AND k.entity_id = n.entity_id
WHERE coalesce(n.dispersion, 1) <> coalesce(k.dispersion, 1)
ORDER BY week, entity_id;

-- name: feeds
INSERT INTO base.vintage_feeds BY NAME
WITH changed AS (
  SELECT n.feed_id, unnest([
    {change: CASE WHEN b.feed_id IS NULL THEN 'added' WHEN n.retired_at IS NULL THEN 'returned' ELSE 'retired' END,
      was: b.retired_at::VARCHAR, became: coalesce(n.retired_at::VARCHAR, CASE WHEN b.feed_id IS NULL THEN '' END)},
    {change: 'source_type', was: b.source_type, became: n.source_type},
    {change: 'publisher', was: b.publisher, became: n.publisher},
    {change: 'region', was: b.region, became: n.region},
    {change: 'collections', was: b.collections::VARCHAR, became: n.collections::VARCHAR}
  ], recursive := true), b.feed_id IS NULL AS is_added
  FROM base.feeds AS n LEFT JOIN before.base.feeds AS b ON b.feed_id = n.feed_id
)
SELECT $vintage::INTEGER AS vintage, feed_id, change, was, nullif(became, '') AS became FROM changed
WHERE was IS DISTINCT FROM became AND (NOT is_added OR change = 'added')
ORDER BY feed_id, change;
