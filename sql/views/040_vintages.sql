-- about: functions for analysts: the numbers as they were published, and why they changed since

-- the number of a vintage that is given by its number, or by a day: the last that was published by its end
CREATE OR REPLACE MACRO main.vintage_of(as_of) AS (
  SELECT max(v.vintage) FROM base.vintages AS v
  WHERE v.vintage = TRY_CAST(as_of::VARCHAR AS INTEGER)
    OR v.published_at < day_start(TRY_CAST(as_of::VARCHAR AS DATE) + 1)
);

-- the same, but an error where there is none, or where the second of two is the earlier
CREATE OR REPLACE MACRO main.known_vintage(as_of) AS (
  SELECT coalesce(vintage_of(as_of), error('there is no vintage ' || as_of::VARCHAR || ': FROM vintages lists all'))
);

CREATE OR REPLACE MACRO main.later_vintage(before, after) AS (
  SELECT CASE WHEN found.b >= found.a THEN found.b
    ELSE error('vintage ' || before::VARCHAR || ' is not before ' || after::VARCHAR || ': the earlier one goes first') END
  FROM (SELECT known_vintage(before) AS a, known_vintage(after) AS b) AS found
);

-- an entity's trend as a vintage published it: the columns of trend(), made from the counts of that time
CREATE OR REPLACE MACRO main.trend_as_of(
  entity, as_of, since := DATE '0001-01-01', until := DATE '9999-12-31'
) AS TABLE
WITH known AS (
  SELECT k.week, arg_max(k.state, k.vintage) AS state, arg_max(k.observed_articles, k.vintage) AS observed
  FROM base.vintage_weeks AS k WHERE k.vintage <= known_vintage(as_of) GROUP BY k.week
), counts AS (
  SELECT c.week, sum(c.articles) AS articles, sum(c.stories) AS stories, sum(c.sources) AS sources,
    sum(c.mentions) AS mentions, sum(c.title_articles) AS title_articles
  FROM base.vintage_changes AS c WHERE c.vintage <= known_vintage(as_of) AND c.entity_id = counted_entity(entity) GROUP BY c.week
), dispersions AS (
  SELECT d.week, arg_max_null(d.dispersion, d.vintage) AS dispersion
  FROM base.vintage_dispersions AS d WHERE d.vintage <= known_vintage(as_of) AND d.entity_id = counted_entity(entity)
  GROUP BY d.week
), series AS (
  SELECT w.week, w.state, w.week = (SELECT max(x.week) FROM known AS x WHERE x.state <> 'gone') AS is_open, coalesce(d.dispersion, 1) AS phi,
    d.dispersion IS NOT NULL AS has_history,
    CASE WHEN w.state <> 'unobserved' THEN coalesce(c.articles, 0) END AS articles,
    CASE WHEN w.state <> 'unobserved' THEN coalesce(c.stories, 0) END AS stories,
    CASE WHEN w.state <> 'unobserved' THEN coalesce(c.sources, 0) END AS sources,
    CASE WHEN w.state <> 'unobserved' THEN coalesce(c.mentions, 0) END AS mentions,
    CASE WHEN w.state <> 'unobserved' THEN coalesce(c.title_articles, 0) END AS title_articles,
    CASE WHEN w.state <> 'unobserved' THEN w.observed END AS n,
    CASE WHEN w.state <> 'unobserved' THEN coalesce(c.articles, 0) / nullif(w.observed, 0)::DOUBLE END AS share
  FROM known AS w
  LEFT JOIN counts AS c ON c.week = w.week
  LEFT JOIN dispersions AS d ON d.week = block_start(w.week)
  WHERE w.state <> 'gone'
), judged AS (
  SELECT s.*, lag(s.share) OVER weekly AS last_share, lag(s.n) OVER weekly AS last_n,
    sum(s.articles) OVER eight / nullif(sum(s.n) OVER eight, 0)::DOUBLE AS mean8, sum(s.n) OVER eight AS mean8_n,
    count(s.articles) OVER eight >= 6 AND count(*) OVER eight = 8 AND NOT s.is_open AND s.n > 0 AS has_eight,
    sum(s.articles) OVER four / nullif(sum(s.n) OVER four, 0)::DOUBLE AS mean4
  FROM series AS s
  WINDOW weekly AS (ORDER BY s.week), eight AS (ORDER BY s.week ROWS BETWEEN 8 PRECEDING AND 1 PRECEDING),
    four AS (ORDER BY s.week ROWS BETWEEN 3 PRECEDING AND CURRENT ROW)
)
SELECT j.week, e.entity_id, e.name, j.articles::INTEGER AS articles, j.stories::INTEGER AS stories,
  j.sources::INTEGER AS sources, j.mentions::INTEGER AS mentions, j.n::INTEGER AS observed_articles, j.share,
  wilson_low(j.share, nullif(j.n, 0) / j.phi) AS share_low, wilson_high(j.share, nullif(j.n, 0) / j.phi) AS share_high,
  CASE WHEN NOT j.is_open THEN j.share - j.last_share END AS change,
  CASE WHEN NOT j.is_open THEN change_low(j.share, j.n / j.phi, j.last_share, j.last_n / j.phi) END AS change_low,
  CASE WHEN NOT j.is_open THEN change_high(j.share, j.n / j.phi, j.last_share, j.last_n / j.phi) END AS change_high,
  CASE WHEN j.has_eight THEN j.mean8 END AS mean8,
  CASE WHEN j.has_eight THEN j.share - j.mean8 END AS change8,
  CASE WHEN j.has_eight THEN change_low(j.share, j.n / j.phi, j.mean8, j.mean8_n / j.phi) END AS change8_low,
  CASE WHEN j.has_eight THEN change_high(j.share, j.n / j.phi, j.mean8, j.mean8_n / j.phi) END AS change8_high,
  CASE WHEN j.share IS NOT NULL THEN j.mean4 END AS mean4, j.state, j.is_open,
  CASE WHEN j.share IS NOT NULL THEN CASE WHEN j.has_history THEN 'quasi-binomial' ELSE 'wilson' END END AS interval_kind,
  j.phi AS dispersion, j.title_articles::INTEGER AS title_articles
FROM judged AS j JOIN base.entities AS e ON e.entity_id = counted_entity(entity)
WHERE j.week BETWEEN since::DATE AND until::DATE AND known_vintage(as_of) IS NOT NULL
ORDER BY j.week;

-- why the counts of two vintages differ: one row a week, entity and reason; the parts of a week and entity add up to
-- what is after less what was before. entity_id '*' is the week's observed articles.
CREATE OR REPLACE MACRO main.diff(before, after) AS TABLE
WITH parts AS (
  SELECT c.week, c.entity_id, c.reason, sum(c.articles) AS articles, sum(c.stories) AS stories, sum(c.sources) AS sources,
    sum(c.mentions) AS mentions
  FROM base.vintage_changes AS c
  WHERE c.vintage > known_vintage(before) AND c.vintage <= later_vintage(before, after)
  GROUP BY c.week, c.entity_id, c.reason
), wholes AS (
  SELECT c.week, c.entity_id, sum(c.articles) AS articles, sum(c.stories) AS stories, sum(c.sources) AS sources,
    sum(c.mentions) AS mentions
  FROM base.vintage_changes AS c SEMI JOIN parts AS p ON p.week = c.week AND p.entity_id = c.entity_id
  WHERE c.vintage <= known_vintage(before)
  GROUP BY c.week, c.entity_id
), sums AS (
  SELECT p.*, coalesce(w.articles, 0) AS articles_before, coalesce(w.stories, 0) AS stories_before,
    coalesce(w.sources, 0) AS sources_before, coalesce(w.mentions, 0) AS mentions_before,
    coalesce(w.articles, 0) + sum(p.articles) OVER whole AS articles_after,
    coalesce(w.stories, 0) + sum(p.stories) OVER whole AS stories_after,
    coalesce(w.sources, 0) + sum(p.sources) OVER whole AS sources_after,
    coalesce(w.mentions, 0) + sum(p.mentions) OVER whole AS mentions_after
  FROM parts AS p LEFT JOIN wholes AS w ON w.week = p.week AND w.entity_id = p.entity_id
  WINDOW whole AS (PARTITION BY p.week, p.entity_id)
)
SELECT s.week, s.entity_id, CASE s.entity_id WHEN '*' THEN 'observed articles' ELSE coalesce(e.name, s.entity_id) END AS name,
  s.reason, s.articles::INTEGER AS articles, s.stories::INTEGER AS stories, s.sources::INTEGER AS sources,
  s.mentions::INTEGER AS mentions,
  s.articles_before::INTEGER AS articles_before, s.articles_after::INTEGER AS articles_after,
  s.stories_before::INTEGER AS stories_before, s.stories_after::INTEGER AS stories_after,
  s.sources_before::INTEGER AS sources_before, s.sources_after::INTEGER AS sources_after,
  s.mentions_before::INTEGER AS mentions_before, s.mentions_after::INTEGER AS mentions_after
FROM sums AS s LEFT JOIN base.entities AS e ON e.entity_id = s.entity_id
WHERE (s.articles, s.stories, s.sources, s.mentions) IS DISTINCT FROM (0, 0, 0, 0)
ORDER BY s.week, s.entity_id, s.reason;

-- what happened between two vintages that changes numbers: another gazetteer, articles tagged again, lines found to be
-- boilerplate, feeds that came, went or were declared otherwise, what was forgotten, weeks seen otherwise
CREATE OR REPLACE MACRO main.diff_events(before, after) AS TABLE
WITH span AS (
  SELECT max(v.published_at) FILTER (v.vintage = known_vintage(before)) AS since,
    max(v.published_at) FILTER (v.vintage = later_vintage(before, after)) AS until FROM base.vintages AS v
), weeks AS (
  SELECT k.week, arg_max(k.state, k.vintage) FILTER (k.vintage <= known_vintage(before)) AS was,
    arg_max(k.state, k.vintage) FILTER (k.vintage <= later_vintage(before, after)) AS became
  FROM base.vintage_weeks AS k GROUP BY k.week
)
SELECT x.what, x.subject, x.was, x.became, x.number FROM (
  SELECT 1 AS place, 'gazetteer' AS what, NULL AS subject, b.gazetteer AS was, a.gazetteer AS became, NULL AS number
  FROM base.vintages AS b JOIN base.vintages AS a ON a.vintage = later_vintage(before, after)
  WHERE b.vintage = known_vintage(before) AND a.gazetteer IS DISTINCT FROM b.gazetteer
  UNION ALL
  SELECT 2, 'retag', r.version, NULL, NULL, r.articles FROM base.retags AS r, span AS s
  WHERE r.switched_at > s.since AND r.switched_at <= s.until
  UNION ALL
  SELECT 3, 'boilerplate lines', l.publisher, NULL, NULL, count(*) FROM base.boilerplate_lines AS l, span AS s
  WHERE l.found_at > s.since AND l.found_at <= s.until AND l.revised_mentions > 0 GROUP BY l.publisher
  UNION ALL
  SELECT 4, 'feed ' || f.change, f.feed_id, f.was, f.became, NULL FROM base.vintage_feeds AS f
  WHERE f.vintage > known_vintage(before) AND f.vintage <= later_vintage(before, after)
  UNION ALL
  SELECT 5, 'forgotten ' || t.kind, CASE t.kind WHEN 'source' THEN t.value END, NULL, NULL, count(*)
  FROM base.tombstones AS t, span AS s
  WHERE t.forgotten_at > s.since AND t.forgotten_at <= s.until GROUP BY ALL
  UNION ALL
  SELECT 6, 'week', w.week::VARCHAR, w.was, w.became, NULL FROM weeks AS w
  WHERE w.was IS DISTINCT FROM w.became AND w.became IS NOT NULL
) AS x
ORDER BY x.place, x.subject, x.what;
