-- about: functions for analysts: a part of the archive source by source, its panel, its open week, whom it names together
-- what was seen of each source of a part in a week, and how many observed articles of the part it wrote
CREATE OR REPLACE MACRO main.source_weeks_within(source_type := '', region := '', collection := '') AS TABLE
WITH chosen AS (
  FROM chosen_feeds(source_type, region, collection)
), written AS (
  SELECT k.week, c.publisher, sum(k.observed_articles) AS n
  FROM mart.feed_weeks AS k JOIN chosen AS c ON c.feed_id = k.feed_id GROUP BY k.week, c.publisher
)
SELECT s.week, s.publisher, s.state, coalesce(w.n, 0)::INTEGER AS observed_articles
FROM mart.source_weeks AS s
SEMI JOIN chosen AS c ON c.publisher = s.publisher
LEFT JOIN written AS w ON w.week = s.week AND w.publisher = s.publisher
WHERE is_filter(source_type, region, collection, NULL, NULL)
ORDER BY s.week, s.publisher;

-- how often each source of a part named an entity; a source without a row for a week did not
CREATE OR REPLACE MACRO main.source_mentions_within(
  entity, source_type := '', region := '', collection := '', salience := '', form := ''
) AS TABLE
SELECT a.week, c.publisher, count(*)::INTEGER AS articles, sum(a.mentions)::INTEGER AS mentions
FROM mart.article_entities AS a JOIN chosen_feeds(source_type, region, collection) AS c ON c.feed_id = a.feed_id
WHERE a.entity_id = counted_entity(entity) AND is_chosen(salience, form, a.in_title, a.in_lead, a.mentions, a.forms)
  AND is_filter(source_type, region, collection, salience, form)
GROUP BY a.week, c.publisher
ORDER BY a.week, c.publisher;

-- the share within a part when each of its sources counts the same
CREATE OR REPLACE MACRO main.source_equal_within(
  entity, source_type := '', region := '', collection := '', salience := '', form := '',
  since := DATE '0001-01-01', until := DATE '9999-12-31'
) AS TABLE
WITH sources AS MATERIALIZED (
  SELECT s.week, s.publisher, s.observed_articles AS n
  FROM source_weeks_within(source_type := source_type, region := region, collection := collection) AS s
  WHERE s.observed_articles > 0
), totals AS (
  SELECT k.week, count(*) AS sources FROM sources AS k GROUP BY k.week
), found AS (
  SELECT x.week, sum(x.articles / s.n::DOUBLE) AS shares
  FROM source_mentions_within(entity, source_type := source_type, region := region, collection := collection,
    salience := salience, form := form) AS x
  JOIN sources AS s ON s.week = x.week AND s.publisher = x.publisher
  GROUP BY x.week
)
SELECT w.week, counted_entity(entity) AS entity_id, CASE WHEN w.observed_articles > 0 THEN t.sources::INTEGER END AS sources,
  CASE WHEN w.observed_articles > 0 THEN coalesce(f.shares, 0) / t.sources END AS source_equal_share
FROM weeks_within(source_type := source_type, region := region, collection := collection) AS w
LEFT JOIN totals AS t ON t.week = w.week
LEFT JOIN found AS f ON f.week = w.week
WHERE w.week BETWEEN since::DATE AND until::DATE AND is_filter(NULL, NULL, NULL, salience, form)
ORDER BY w.week;

-- the matched panel within a part: its sources observed in a week and in the last one before that any of it was observed in,
-- up to nine weeks back; the changes are chained by log odds as in panel_trends
CREATE OR REPLACE MACRO main.panel_within(
  entity, source_type := '', region := '', collection := '', salience := '', form := '',
  since := DATE '0001-01-01', until := DATE '9999-12-31'
) AS TABLE
WITH named AS MATERIALIZED (
  FROM source_mentions_within(entity, source_type := source_type, region := region, collection := collection,
    salience := salience, form := form)
), seen AS MATERIALIZED (
  SELECT s.week, s.publisher, s.observed_articles AS n, coalesce(x.articles, 0) AS articles
  FROM source_weeks_within(source_type := source_type, region := region, collection := collection) AS s
  LEFT JOIN named AS x ON x.week = s.week AND x.publisher = s.publisher
  WHERE s.state = 'observed'
), steps AS (
  SELECT d.week, lag(d.week) OVER (ORDER BY d.week) AS last_week FROM (SELECT DISTINCT s.week FROM seen AS s) AS d
), panel AS MATERIALIZED (
  SELECT s.*, CASE WHEN l.last_week >= l.week - 63 THEN l.last_week END AS last_week
  FROM seen AS s JOIN steps AS l ON l.week = s.week
), totals AS (
  SELECT p.week, count(b.week) AS sources, sum(p.n) FILTER (b.week IS NOT NULL) AS n, sum(b.n) AS last_n,
    sum(p.articles) FILTER (b.week IS NOT NULL) AS articles, sum(b.articles) AS last_articles
  FROM panel AS p LEFT JOIN seen AS b ON b.week = p.last_week AND b.publisher = p.publisher
  GROUP BY p.week
), series AS (
  SELECT w.week, coalesce(t.sources, 0) AS sources, t.n, t.last_n, coalesce(t.articles, 0) AS articles,
    coalesce(t.articles, 0) / nullif(t.n, 0)::DOUBLE AS share,
    coalesce(t.last_articles, 0) / nullif(t.last_n, 0)::DOUBLE AS last_share,
    coalesce(a.articles, 0) / nullif(w.observed_articles, 0)::DOUBLE AS whole_share, w.observed_articles AS whole_n,
    t.week IS NOT NULL AND coalesce(t.n, 0) * coalesce(t.last_n, 0) = 0 AS is_first
  FROM weeks_within(source_type := source_type, region := region, collection := collection) AS w
  LEFT JOIN totals AS t ON t.week = w.week
  LEFT JOIN (SELECT n.week, sum(n.articles) AS articles FROM named AS n GROUP BY n.week) AS a ON a.week = w.week
), linked AS (
  SELECT s.*, log_odds(s.whole_share, s.whole_n) AS start, log_odds(s.share, s.n) - log_odds(s.last_share, s.last_n) AS link,
    sum(s.is_first::INTEGER) OVER (ORDER BY s.week) AS line
  FROM series AS s
), chained AS (
  SELECT k.*, first_value(k.start) OVER line_so_far + coalesce(sum(k.link) OVER line_so_far, 0) AS level
  FROM linked AS k WINDOW line_so_far AS (PARTITION BY k.line ORDER BY k.week)
)
SELECT c.week, counted_entity(entity) AS entity_id, c.sources::INTEGER AS panel_sources, c.articles::INTEGER AS panel_articles,
  c.n::INTEGER AS panel_observed, c.share AS panel_share, c.last_share AS panel_last_share,
  c.share - c.last_share AS panel_change,
  CASE WHEN c.is_first THEN c.whole_share WHEN c.level IS NOT NULL AND c.link IS NOT NULL THEN
    CASE WHEN c.share IN (0, 1) THEN c.share ELSE 1 / (1 + exp(-c.level)) END END AS chained_share,
  c.last_n::INTEGER AS panel_last_observed
FROM chained AS c
WHERE c.week BETWEEN since::DATE AND until::DATE AND is_filter(NULL, NULL, NULL, salience, form)
ORDER BY c.week;

-- with whom an entity is named within a part, over a span: both names by the salience and form that are asked for
CREATE OR REPLACE MACRO main.partners_within(
  entity, source_type := '', region := '', collection := '', salience := '', form := '',
  since := DATE '0001-01-01', until := DATE '9999-12-31', least_articles := 5
) AS TABLE
WITH seen AS MATERIALIZED (
  SELECT w.week, w.observed_articles
  FROM weeks_within(source_type := source_type, region := region, collection := collection) AS w
  WHERE w.week BETWEEN since::DATE AND until::DATE AND w.state <> 'unobserved' AND is_filter(NULL, NULL, NULL, salience, form)
), mine AS MATERIALIZED (
  SELECT x.article_id, x.sentences
  FROM mart.article_entities AS x JOIN chosen_feeds(source_type, region, collection) AS c ON c.feed_id = x.feed_id
  WHERE x.entity_id = counted_entity(entity) AND x.week IN (SELECT s.week FROM seen AS s)
    AND is_chosen(salience, form, x.in_title, x.in_lead, x.mentions, x.forms)
), namings AS MATERIALIZED (
  SELECT x.entity_id, count(*) AS articles, count(m.article_id) AS together,
    sum(bit_count(x.sentences & m.sentences)::DOUBLE) AS sentences
  FROM mart.article_entities AS x
  JOIN chosen_feeds(source_type, region, collection) AS c ON c.feed_id = x.feed_id
  LEFT JOIN mine AS m ON m.article_id = x.article_id
  WHERE x.week IN (SELECT s.week FROM seen AS s)
    AND is_chosen(salience, form, x.in_title, x.in_lead, x.mentions, x.forms)
  GROUP BY x.entity_id
), weeks AS (
  SELECT sum(s.observed_articles) AS observed FROM seen AS s
)
SELECT y.entity_id, e.name, y.together::INTEGER AS articles, y.sentences::INTEGER AS sentences,
  x.articles * y.articles / w.observed::DOUBLE AS expected_articles,
  y.together * w.observed / (x.articles * y.articles)::DOUBLE AS lift
FROM weeks AS w
LEFT JOIN namings AS x ON x.entity_id = counted_entity(entity)
JOIN namings AS y ON y.entity_id <> x.entity_id AND y.together >= least_articles
JOIN base.entities AS e ON e.entity_id = y.entity_id
ORDER BY y.together DESC, y.entity_id;

-- the open week so far within a part, against what was known of its eight weeks before at the same age (as week_to_date)
CREATE OR REPLACE MACRO main.week_to_date_within(
  source_type := '', region := '', collection := '', salience := '', form := ''
) AS TABLE
WITH chosen AS (
  FROM chosen_feeds(source_type, region, collection)
), age AS (
  SELECT h.open_week, h.data_through - day_start(h.open_week) AS age,
    coalesce((SELECT min(p.polled_at) FROM base.windows AS p SEMI JOIN chosen AS c ON c.feed_id = p.feed_id),
      '-infinity'::TIMESTAMPTZ) AS polls_since
  FROM mart.horizon AS h
), asked AS MATERIALIZED (
  SELECT w.week, w.week = g.open_week AS is_now, day_start(w.week) + g.age AS until
  FROM weeks_within(source_type := source_type, region := region, collection := collection) AS w CROSS JOIN age AS g
  WHERE is_filter(NULL, NULL, NULL, salience, form) AND (w.week = g.open_week
    OR (w.week BETWEEN g.open_week - 56 AND g.open_week - 7 AND w.state <> 'unobserved' AND day_start(w.week) + g.age >= g.polls_since))
), known AS MATERIALIZED (
  SELECT o.article_id, o.week, k.is_now
  FROM mart.observed AS o JOIN asked AS k ON k.week = o.week AND o.first_seen_at <= k.until
  SEMI JOIN chosen AS c ON c.feed_id = o.feed_id
), named AS (
  SELECT x.entity_id, count(*) FILTER (k.is_now) AS now, count(*) FILTER (NOT k.is_now) AS earlier
  FROM mart.article_entities AS x JOIN known AS k ON k.article_id = x.article_id AND k.week = x.week
  WHERE x.week >= (SELECT min(a.week) FROM asked AS a) AND is_chosen(salience, form, x.in_title, x.in_lead, x.mentions, x.forms)
  GROUP BY x.entity_id
), totals AS (
  SELECT max(CASE WHEN a.is_now THEN a.week END) AS week, count(*) FILTER (NOT a.is_now) AS weeks,
    (SELECT count(*) FROM known AS k WHERE k.is_now) AS now, (SELECT count(*) FROM known AS k WHERE NOT k.is_now) AS earlier
  FROM asked AS a
)
SELECT t.week, e.entity_id, coalesce(n.now, 0)::INTEGER AS articles, t.now::INTEGER AS observed_articles,
  t.weeks::INTEGER AS earlier_weeks, coalesce(n.earlier, 0) / nullif(t.weeks, 0) AS same_age_articles,
  coalesce(n.earlier, 0) / nullif(t.earlier, 0)::DOUBLE AS same_age_share
FROM totals AS t
CROSS JOIN base.entities AS e
LEFT JOIN named AS n ON n.entity_id = e.entity_id
WHERE t.week IS NOT NULL AND e.listed AND e.kind IN ('country', 'historical', 'organisation')
ORDER BY e.entity_id;
