-- about: functions for analysts: pairs, blocs, phrases, search
-- the other of two names; an error when it is the same again
CREATE OR REPLACE MACRO main.other_entity(a, b) AS (
  SELECT CASE WHEN found.b <> found.a THEN found.b
    ELSE error(a || ' and ' || b || ' are both ' || found.a || ': a pair is of two names') END
  FROM (SELECT counted_entity(a) AS a, counted_entity(b) AS b) AS found
);

-- two entities together, week by week: lift is articles that name both over what independence would give
CREATE OR REPLACE MACRO main.pair(a, b, since := DATE '0001-01-01', until := DATE '9999-12-31') AS TABLE
SELECT x.week, x.articles AS a_articles, y.articles AS b_articles, x.observed_articles,
  CASE WHEN x.articles IS NOT NULL THEN coalesce(c.articles, 0) END AS articles,
  CASE WHEN x.articles IS NOT NULL THEN coalesce(c.sentences, 0) END AS sentences,
  x.articles * y.articles / nullif(x.observed_articles, 0)::DOUBLE AS expected_articles,
  coalesce(c.articles, 0) * x.observed_articles / nullif(x.articles * y.articles, 0)::DOUBLE AS lift,
  w.state, w.is_open
FROM mart.weekly_mentions AS x
JOIN mart.weeks AS w ON w.week = x.week
JOIN mart.weekly_mentions AS y ON y.week = x.week AND y.entity_id = other_entity(a, b)
LEFT JOIN mart.co_mentions AS c ON c.week = x.week AND c.entity_a = least(counted_entity(a), counted_entity(b))
  AND c.entity_b = greatest(counted_entity(a), counted_entity(b))
WHERE x.entity_id = counted_entity(a) AND x.week BETWEEN since::DATE AND until::DATE
ORDER BY x.week;

-- a pair within a part of the archive: both names by the salience and form that are asked for
CREATE OR REPLACE MACRO main.pair_within(
  a, b, source_type := '', region := '', collection := '', salience := '', form := '',
  since := DATE '0001-01-01', until := DATE '9999-12-31'
) AS TABLE
WITH first AS MATERIALIZED (
  SELECT x.week, x.article_id, x.sentences
  FROM mart.article_entities AS x JOIN chosen_feeds(source_type, region, collection) AS c ON c.feed_id = x.feed_id
  WHERE x.entity_id = counted_entity(a) AND is_chosen(salience, form, x.in_title, x.in_lead, x.mentions, x.forms)
), second AS MATERIALIZED (
  SELECT x.week, x.article_id, x.sentences
  FROM mart.article_entities AS x JOIN chosen_feeds(source_type, region, collection) AS c ON c.feed_id = x.feed_id
  WHERE x.entity_id = other_entity(a, b) AND is_chosen(salience, form, x.in_title, x.in_lead, x.mentions, x.forms)
), together AS (
  SELECT f.week, count(*) AS articles, sum(bit_count(f.sentences & s.sentences)) AS sentences
  FROM first AS f JOIN second AS s ON s.article_id = f.article_id GROUP BY f.week
), counted AS (
  SELECT w.*, CASE WHEN w.state <> 'unobserved' THEN coalesce(f.n, 0) END AS x,
    CASE WHEN w.state <> 'unobserved' THEN coalesce(s.n, 0) END AS y,
    CASE WHEN w.state <> 'unobserved' THEN coalesce(t.articles, 0) END AS articles,
    CASE WHEN w.state <> 'unobserved' THEN coalesce(t.sentences, 0) END AS sentences
  FROM weeks_within(source_type := source_type, region := region, collection := collection) AS w
  LEFT JOIN (SELECT i.week, count(*) AS n FROM first AS i GROUP BY i.week) AS f ON f.week = w.week
  LEFT JOIN (SELECT i.week, count(*) AS n FROM second AS i GROUP BY i.week) AS s ON s.week = w.week
  LEFT JOIN together AS t ON t.week = w.week
)
SELECT k.week, k.x::INTEGER AS a_articles, k.y::INTEGER AS b_articles, k.observed_articles, k.articles::INTEGER AS articles,
  k.sentences::INTEGER AS sentences, k.x * k.y / nullif(k.observed_articles, 0)::DOUBLE AS expected_articles,
  k.articles * k.observed_articles / nullif(k.x * k.y, 0)::DOUBLE AS lift, k.state, k.is_open
FROM counted AS k
WHERE k.week BETWEEN since::DATE AND until::DATE AND is_filter(NULL, NULL, NULL, salience, form)
ORDER BY k.week;

-- with whom an entity is named, over a span: pairs of at least `least_articles`, by articles
CREATE OR REPLACE MACRO main.partners(entity, since := DATE '0001-01-01', until := DATE '9999-12-31', least_articles := 5) AS TABLE
WITH me AS MATERIALIZED (
  SELECT counted_entity(entity) AS id
), together AS (
  SELECT c.other, sum(c.articles) AS articles, sum(c.sentences) AS sentences
  FROM (
    SELECT a.week, a.entity_b AS other, a.articles, a.sentences
    FROM mart.co_mentions AS a WHERE a.entity_a = (SELECT id FROM me)
    UNION ALL
    SELECT b.week, b.entity_a, b.articles, b.sentences
    FROM mart.co_mentions AS b WHERE b.entity_b = (SELECT id FROM me)
  ) AS c
  WHERE c.week BETWEEN since::DATE AND until::DATE AND c.week IN (SELECT w.week FROM mart.weeks AS w)
  GROUP BY c.other
), totals AS (
  SELECT m.entity_id, sum(m.articles) AS articles, sum(m.observed_articles) AS observed
  FROM mart.weekly_mentions AS m WHERE m.week BETWEEN since::DATE AND until::DATE GROUP BY m.entity_id
)
SELECT t.other AS entity_id, e.name, t.articles::INTEGER AS articles, t.sentences::INTEGER AS sentences,
  x.articles * y.articles / x.observed::DOUBLE AS expected_articles,
  t.articles * x.observed / (x.articles * y.articles)::DOUBLE AS lift
FROM together AS t
JOIN base.entities AS e ON e.entity_id = t.other
JOIN totals AS x ON x.entity_id = (SELECT id FROM me)
JOIN totals AS y ON y.entity_id = t.other
WHERE t.articles >= least_articles
ORDER BY t.articles DESC, t.other;

-- how much articles of one source move together, over all names in the year before a week's block; 1 without history
CREATE OR REPLACE MACRO main.usual_dispersion(day) AS (
  SELECT greatest(0.7, coalesce(sum(d.squares) / nullif(sum(d.expected), 0), 1))
  FROM (SELECT b.week, sum(b.squares) AS squares, sum(b.expected) AS expected FROM mart.dispersions AS b GROUP BY b.week) AS d
  WHERE d.week < block_start(day) AND d.week >= block_start(day) - 364
);

CREATE OR REPLACE MACRO main.bloc(name, since := DATE '0001-01-01', until := DATE '9999-12-31') AS TABLE
SELECT b.week, b.bloc_id, b.members, b.members_named, b.articles, b.mentions, b.observed_articles, b.share,
  wilson_low(b.share, nullif(b.observed_articles, 0) / usual_dispersion(b.week)) AS share_low,
  wilson_high(b.share, nullif(b.observed_articles, 0) / usual_dispersion(b.week)) AS share_high,
  b.articles_per_member, w.state, w.is_open
FROM mart.bloc_weeks AS b JOIN mart.weeks AS w ON w.week = b.week
WHERE b.bloc_id = bloc_of(name) AND b.week BETWEEN since::DATE AND until::DATE
ORDER BY b.week;

-- a bloc within a part of the archive
CREATE OR REPLACE MACRO main.bloc_within(
  name, source_type := '', region := '', collection := '', salience := '', form := '',
  since := DATE '0001-01-01', until := DATE '9999-12-31'
) AS TABLE
WITH members AS (
  SELECT DISTINCT w.week, m.entity_id
  FROM mart.weeks AS w
  JOIN base.memberships AS m ON coalesce(m.valid_from, DATE '0001-01-01') <= w.week
    AND coalesce(m.valid_to, DATE '9999-12-31') > w.week
  WHERE m.bloc_id = bloc_of(name)
), sizes AS (
  SELECT k.week, count(*) AS members FROM members AS k GROUP BY k.week
), named AS (
  SELECT x.week, count(DISTINCT x.article_id) AS articles, count(*) AS namings, sum(x.mentions) AS mentions,
    count(DISTINCT x.entity_id) AS members
  FROM mart.article_entities AS x
  JOIN members AS k ON k.week = x.week AND k.entity_id = x.entity_id
  JOIN chosen_feeds(source_type, region, collection) AS c ON c.feed_id = x.feed_id
  WHERE is_chosen(salience, form, x.in_title, x.in_lead, x.mentions, x.forms)
  GROUP BY x.week
), counted AS (
  SELECT w.*, s.members, CASE WHEN w.state <> 'unobserved' THEN coalesce(n.members, 0) END AS members_named,
    CASE WHEN w.state <> 'unobserved' THEN coalesce(n.articles, 0) END AS articles,
    CASE WHEN w.state <> 'unobserved' THEN coalesce(n.mentions, 0) END AS mentions,
    CASE WHEN w.state <> 'unobserved' THEN coalesce(n.namings, 0) / s.members::DOUBLE END AS articles_per_member,
    CASE WHEN w.state <> 'unobserved' THEN coalesce(n.articles, 0) / nullif(w.observed_articles, 0)::DOUBLE END AS share
  FROM weeks_within(source_type := source_type, region := region, collection := collection) AS w
  JOIN sizes AS s ON s.week = w.week
  LEFT JOIN named AS n ON n.week = w.week
)
SELECT k.week, bloc_of(name) AS bloc_id, k.members::INTEGER AS members, k.members_named::INTEGER AS members_named,
  k.articles::INTEGER AS articles, k.mentions::INTEGER AS mentions, k.observed_articles, k.share,
  wilson_low(k.share, nullif(k.observed_articles, 0) / usual_dispersion(k.week)) AS share_low,
  wilson_high(k.share, nullif(k.observed_articles, 0) / usual_dispersion(k.week)) AS share_high,
  k.articles_per_member, k.state, k.is_open
FROM counted AS k
WHERE k.week BETWEEN since::DATE AND until::DATE AND is_filter(NULL, NULL, NULL, salience, form)
ORDER BY k.week;

-- share of articles that have the words in title or text, in any case, as whole words; texts and titles are looked through
-- before they are joined to anything, which takes little memory
CREATE OR REPLACE MACRO main.phrase(
  words, source_type := '', region := '', collection := '', since := DATE '0001-01-01', until := DATE '9999-12-31'
) AS TABLE
WITH found AS (
  SELECT t.article_id FROM base.article_texts AS t
  WHERE t.week BETWEEN since::DATE AND until::DATE AND has_words(t.text, words)
  UNION ALL
  SELECT a.article_id FROM base.articles AS a WHERE a.week BETWEEN since::DATE AND until::DATE AND has_words(a.title, words)
), hits AS (
  SELECT o.week AS week, count(*) AS articles
  FROM mart.observed AS o
  JOIN (SELECT k.article_id FROM found AS k GROUP BY k.article_id) AS f ON f.article_id = o.article_id
  JOIN chosen_feeds(source_type, region, collection) AS c ON c.feed_id = o.feed_id
  WHERE o.week BETWEEN since::DATE AND until::DATE
  GROUP BY o.week
), counted AS (
  SELECT w.week, CASE WHEN w.state <> 'unobserved' THEN coalesce(h.articles, 0)::INTEGER END AS articles,
    w.observed_articles, w.state, w.is_open
  FROM weeks_within(source_type := source_type, region := region, collection := collection) AS w LEFT JOIN hits AS h ON h.week = w.week
  WHERE w.week BETWEEN since::DATE AND until::DATE AND are_words(words)
), shares AS (
  SELECT c.*, c.articles / nullif(c.observed_articles, 0)::DOUBLE AS share FROM counted AS c
)
SELECT s.week, s.articles, s.observed_articles, s.share,
  wilson_low(s.share, nullif(s.observed_articles, 0) / usual_dispersion(s.week)) AS share_low,
  wilson_high(s.share, nullif(s.observed_articles, 0) / usual_dispersion(s.week)) AS share_high, s.state, s.is_open
FROM shares AS s
ORDER BY s.week;

-- articles with words in title or text, newest first; passages are made last, so that a LIMIT has only its own made
CREATE OR REPLACE MACRO main.search(words, since := DATE '0001-01-01', until := DATE '9999-12-31') AS TABLE
WITH found AS (
  SELECT t.article_id, t.text FROM base.article_texts AS t
  WHERE (t.week IS NULL OR t.week BETWEEN since::DATE AND until::DATE) AND has_words(t.text, words)
  UNION ALL
  SELECT a.article_id, NULL FROM base.articles AS a
  WHERE (a.week IS NULL OR a.week BETWEEN since::DATE AND until::DATE) AND has_words(a.title, words)
)
SELECT x.article_id, x.published_at, x.publisher, x.title, x.url, x.status,
  trim(regexp_extract(x.text, '[^\n]{0,120}' || words_pattern(words) || '[^\n]{0,120}')) AS passage
FROM (
  SELECT a.article_id, a.published_at, f.publisher, a.title, a.url, a.status, h.text
  FROM (SELECT k.article_id, any_value(k.text) AS text FROM found AS k GROUP BY k.article_id) AS h
  JOIN base.articles AS a ON a.article_id = h.article_id
  JOIN base.feeds AS f ON f.feed_id = a.feed_id
  RIGHT JOIN (SELECT are_words(words) AS given) AS g ON g.given
  WHERE a.article_id IS NOT NULL
  ORDER BY a.published_at DESC NULLS LAST, a.article_id
) AS x;
