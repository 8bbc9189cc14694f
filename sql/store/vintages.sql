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

-- name: some_weeks
-- so many weeks at a time that a whole archive tagged again needs no more memory than they do
CREATE OR REPLACE TEMP TABLE count_weeks AS SELECT unnest($weeks::DATE[]) AS week;

-- name: programs
-- whether both were counted by the same rules, and named by the same gazetteer
SELECT
  (SELECT list(digest) FROM before.base.mart_builds) = (SELECT list(digest) FROM base.mart_builds) AS same_rules,
  gazetteer = $gazetteer::VARCHAR AS same_names, vintage, published_at
FROM before.base.vintages ORDER BY vintage DESC LIMIT 1;

-- name: rows
-- the rows that the counts of the changed weeks are made of, before and now; '*' are the observed articles
CREATE OR REPLACE TEMP TABLE count_rows AS
WITH earlier AS (
  SELECT x.week, x.entity_id, x.article_id, coalesce(x.story_id, x.article_id) AS story_id, x.is_later_copy, x.mentions,
    x.in_title, f.publisher
  FROM before.mart.article_entities AS x
  JOIN before.base.feeds AS f ON f.feed_id = x.feed_id
  JOIN before.base.entities AS e ON e.entity_id = x.entity_id AND e.listed
    AND e.kind IN ('country', 'historical', 'organisation')
  WHERE x.week IN (SELECT week FROM count_weeks)
  UNION ALL
  SELECT week, '*', article_id, story_id, false, 0, false, publisher FROM before.mart.observed
  WHERE week IN (SELECT week FROM count_weeks)
), now AS (
  SELECT x.week, x.entity_id, x.article_id, coalesce(x.story_id, x.article_id) AS story_id, x.is_later_copy, x.mentions,
    x.in_title, f.publisher
  FROM mart.article_entities AS x
  JOIN base.feeds AS f ON f.feed_id = x.feed_id
  JOIN base.entities AS e ON e.entity_id = x.entity_id AND e.listed AND e.kind IN ('country', 'historical', 'organisation')
  WHERE x.week IN (SELECT week FROM count_weeks)
  UNION ALL
  SELECT week, '*', article_id, story_id, false, 0, false, publisher FROM mart.observed
  WHERE week IN (SELECT week FROM count_weeks)
)
SELECT coalesce(n.week, b.week) AS week, coalesce(n.entity_id, b.entity_id) AS entity_id,
  coalesce(n.article_id, b.article_id) AS article_id, b.article_id IS NOT NULL AS was, n.article_id IS NOT NULL AS is_now,
  b.story_id AS old_story, n.story_id AS new_story, b.is_later_copy AS old_later, n.is_later_copy AS new_later,
  b.mentions AS old_mentions, n.mentions AS new_mentions, b.in_title AS old_title, n.in_title AS new_title,
  b.publisher AS old_publisher, n.publisher AS new_publisher,
  (b.story_id, b.is_later_copy, b.mentions, b.in_title, b.publisher)
    IS DISTINCT FROM (n.story_id, n.is_later_copy, n.mentions, n.in_title, n.publisher) AS is_changed
FROM earlier AS b FULL JOIN now AS n ON n.article_id = b.article_id AND n.entity_id = b.entity_id AND n.week = b.week;

-- name: restored
-- mentions that were counted and have since been found to stand in boilerplate
CREATE OR REPLACE TEMP TABLE count_boilerplate AS
SELECT n.article_id, n.entity_id, count(*) AS mentions
FROM base.mentions AS n
JOIN before.base.mentions AS b ON b.article_id = n.article_id AND b.entity_id = n.entity_id AND b.field = n.field
  AND b.char_start = n.char_start AND b.counted
WHERE n.zone = 'boilerplate' AND NOT n.counted
  AND n.week IN (SELECT week FROM count_weeks) AND b.week IN (SELECT week FROM count_weeks)
GROUP BY n.article_id, n.entity_id;

-- name: reasons
-- Each row that came or went has one reason, in the order in which the reasons are applied: 1 forgotten, 2 dates,
-- 3 retag, 4 boilerplate, 5 sources, 6 backfill, 7 late, 8 new, 9 stories, 10 the rest. Of the rows that did not change
-- one is enough for each source and story that a changed one belongs to: it says that they were there all along.
CREATE OR REPLACE TEMP TABLE count_reasons AS
WITH touched AS (
  SELECT r.* FROM count_rows AS r WHERE r.is_changed
  UNION ALL
  SELECT r.* FROM count_rows AS r SEMI JOIN count_boilerplate AS t ON t.article_id = r.article_id AND t.entity_id = r.entity_id
  WHERE NOT r.is_changed
), steady AS (
  SELECT DISTINCT ON (r.week, r.entity_id, r.old_publisher) r.* FROM count_rows AS r
  SEMI JOIN (
    SELECT week, entity_id, old_publisher AS publisher FROM touched UNION SELECT week, entity_id, new_publisher FROM touched
  ) AS k ON k.week = r.week AND k.entity_id = r.entity_id AND k.publisher = r.old_publisher
  ANTI JOIN count_boilerplate AS t ON t.article_id = r.article_id AND t.entity_id = r.entity_id
  WHERE NOT r.is_changed
  UNION ALL
  SELECT DISTINCT ON (r.week, r.entity_id, r.old_story) r.* FROM count_rows AS r
  SEMI JOIN (
    SELECT week, entity_id, old_story AS story FROM touched UNION SELECT week, entity_id, new_story FROM touched
  ) AS k ON k.week = r.week AND k.entity_id = r.entity_id AND k.story = r.old_story
  ANTI JOIN count_boilerplate AS t ON t.article_id = r.article_id AND t.entity_id = r.entity_id
  WHERE NOT r.is_changed
), changed AS (
  SELECT article_id FROM count_rows WHERE is_changed AND old_mentions IS DISTINCT FROM new_mentions
  UNION
  SELECT article_id FROM count_boilerplate
), facts AS (
  SELECT c.article_id, b.article_id IS NOT NULL AS was_stored, a.article_id IS NOT NULL AS is_stored,
    b.week IS DISTINCT FROM a.week AS is_moved, NOT $same_names OR a.tagger_version <> b.tagger_version AS is_retagged,
    b.status = 'full' AND b.tagger_version IS NOT NULL AS was_tagged, a.is_backfilled,
    coalesce(e.is_first_poll, false) AS is_first_poll, g.article_id IS NOT NULL AS is_forgotten
  FROM changed AS c
  LEFT JOIN before.base.articles AS b ON b.article_id = c.article_id
  LEFT JOIN base.articles AS a ON a.article_id = c.article_id
  LEFT JOIN (
    SELECT article_id, bool_or(is_first_poll) AS is_first_poll FROM base.entries
    WHERE outcome = 'stored' AND article_id IN (SELECT article_id FROM changed) GROUP BY article_id
  ) AS e ON e.article_id = c.article_id
  LEFT JOIN (
    SELECT o.article_id FROM before.base.articles AS o JOIN before.base.feeds AS f ON f.feed_id = o.feed_id
    WHERE o.article_id IN (SELECT article_id FROM changed)
      AND (o.canonical_url IN (SELECT value FROM base.tombstones WHERE kind = 'url')
        OR f.publisher IN (SELECT value FROM base.tombstones WHERE kind = 'source'))
  ) AS g ON g.article_id = c.article_id
), seen AS (
  SELECT article_id, week, was FROM count_rows WHERE entity_id = '*' AND article_id IN (SELECT article_id FROM changed)
)
SELECT r.*, coalesce(t.mentions, 0) AS boilerplate, coalesce(f.is_retagged, false) AS is_retagged,
  CASE
    WHEN r.was AND r.is_now THEN NULL
    WHEN r.was AND NOT f.is_stored THEN CASE WHEN f.is_forgotten THEN 1 ELSE 10 END
    WHEN f.was_stored AND f.is_stored AND f.is_moved AND (r.was OR f.was_tagged) THEN 2
    WHEN r.was AND t.mentions > 0 THEN 4
    WHEN r.was OR s.was OR f.was_tagged THEN CASE WHEN f.is_retagged THEN 3 ELSE 10 END
    WHEN f.is_backfilled THEN 6
    WHEN f.is_first_poll THEN 5
    WHEN $last_at >= (r.week + 7)::TIMESTAMP AT TIME ZONE coalesce((SELECT zone FROM base.week_zone), 'UTC') THEN 7
    ELSE 8
  END AS step
FROM (FROM touched UNION ALL FROM steady) AS r
LEFT JOIN facts AS f ON f.article_id = r.article_id
LEFT JOIN seen AS s ON s.article_id = r.article_id AND s.week = r.week
LEFT JOIN count_boilerplate AS t ON t.article_id = r.article_id AND t.entity_id = r.entity_id;

-- name: no_parts
CREATE OR REPLACE TEMP TABLE count_parts (
  week DATE, entity_id VARCHAR, reason VARCHAR, articles BIGINT, stories BIGINT, sources BIGINT, mentions BIGINT,
  title_articles BIGINT
);

-- name: parts
-- The counts after each step are taken all at once: bit k of a row's mask says whether it is there after step k (0 is
-- before). A step's part is the count after it less the count before it, so that the parts add up to the whole.
INSERT INTO count_parts BY NAME
WITH masked AS (
  SELECT *, CASE WHEN step IS NULL THEN 2047 WHEN was THEN (1 << step) - 1 ELSE 2048 - (1 << step) END AS mask
  FROM count_reasons
), renamed AS (
  -- the id that a story had before: a copy that arrives joins it, whatever the story is called now
  SELECT week, new_story, min(old_story) AS old_story FROM count_rows
  WHERE entity_id = '*' AND was AND is_now AND new_story IN (SELECT new_story FROM count_reasons)
  GROUP BY week, new_story
), rows AS (
  SELECT m.week, m.entity_id, m.mask, m.old_title, m.new_title, m.was, m.is_now, m.old_publisher, m.new_publisher,
    coalesce(m.old_story, n.old_story, m.new_story) AS old_story, coalesce(m.new_story, m.old_story) AS new_story,
    coalesce(m.old_later, m.new_later) AS old_later, coalesce(m.new_later, m.old_later) AS new_later,
    coalesce(m.old_mentions, m.new_mentions) AS at_first,
    CASE WHEN m.is_retagged OR NOT m.was THEN coalesce(m.new_mentions, 0) + m.boilerplate ELSE m.old_mentions END AS after_tags,
    CASE WHEN m.is_retagged OR NOT m.was THEN m.new_mentions ELSE m.old_mentions - m.boilerplate END AS after_lines,
    coalesce(m.new_mentions, 0) AS at_last
  FROM masked AS m LEFT JOIN renamed AS n ON n.week = m.week AND n.new_story = m.new_story
), articles AS (
  SELECT r.week, r.entity_id, k.range AS step, count(*) AS articles,
    sum(CASE WHEN k.range < 3 THEN at_first WHEN k.range = 3 THEN after_tags WHEN k.range < 10 THEN after_lines ELSE at_last END)
      AS mentions,
    count(*) FILTER (CASE WHEN k.range < 3 OR NOT is_now THEN old_title ELSE new_title END OR (NOT was AND new_title))
      AS title_articles
  FROM rows AS r, range(11) AS k WHERE (r.mask >> k.range) & 1 = 1 GROUP BY ALL
), sources AS (
  SELECT week, entity_id, k.range AS step, count(*) AS sources
  FROM (
    SELECT week, entity_id, publisher, bit_or(mask) AS mask
    FROM (
      SELECT week, entity_id, old_publisher AS publisher, CASE WHEN is_now THEN mask & 31 ELSE mask END AS mask FROM rows WHERE was
      UNION ALL
      SELECT week, entity_id, new_publisher, CASE WHEN was THEN mask & 2016 ELSE mask END FROM rows WHERE is_now
    ) GROUP BY week, entity_id, publisher
  ), range(11) AS k WHERE (mask >> k.range) & 1 = 1 GROUP BY ALL
), stories AS (
  SELECT week, entity_id, k.range AS step, count(*) AS stories
  FROM (
    SELECT week, entity_id, story_id, bit_or(mask) AS mask
    FROM (
      SELECT week, entity_id, old_story AS story_id, mask & 511 AS mask FROM rows WHERE NOT old_later
      UNION ALL
      SELECT week, entity_id, new_story, mask & 1536 FROM rows WHERE NOT new_later
    ) GROUP BY week, entity_id, story_id
  ), range(11) AS k WHERE (mask >> k.range) & 1 = 1 GROUP BY ALL
), counts AS (
  SELECT p.week, p.entity_id, k.range AS step, coalesce(a.articles, 0) AS articles,
    CASE WHEN p.entity_id = '*' THEN 0 ELSE coalesce(t.stories, 0) END AS stories,
    CASE WHEN p.entity_id = '*' THEN 0 ELSE coalesce(s.sources, 0) END AS sources,
    coalesce(a.mentions, 0) AS mentions, coalesce(a.title_articles, 0) AS title_articles
  FROM (SELECT DISTINCT week, entity_id FROM rows) AS p
  CROSS JOIN range(11) AS k
  LEFT JOIN articles AS a ON a.week = p.week AND a.entity_id = p.entity_id AND a.step = k.range
  LEFT JOIN sources AS s ON s.week = p.week AND s.entity_id = p.entity_id AND s.step = k.range
  LEFT JOIN stories AS t ON t.week = p.week AND t.entity_id = p.entity_id AND t.step = k.range
), parts AS (
  SELECT week, entity_id, step, articles - lag(articles) OVER series AS articles, stories - lag(stories) OVER series AS stories,
    sources - lag(sources) OVER series AS sources, mentions - lag(mentions) OVER series AS mentions,
    title_articles - lag(title_articles) OVER series AS title_articles
  FROM counts WINDOW series AS (PARTITION BY week, entity_id ORDER BY step)
)
SELECT week, entity_id,
  (['forgotten', 'dates', 'retag', 'boilerplate', 'sources', 'backfill', 'late', 'new', 'stories'])[step] AS reason,
  articles, stories, sources, mentions, title_articles
FROM parts
WHERE step BETWEEN 1 AND 9 AND (articles <> 0 OR stories <> 0 OR sources <> 0 OR mentions <> 0 OR title_articles <> 0);

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
