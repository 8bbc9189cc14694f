-- about: functions for analysts: ids or names, a Monday as DATE
CREATE OR REPLACE MACRO main.span_text(text, char_start, char_end) AS substring(text, char_start + 1, char_end - char_start);

-- the id of an entity that is given as id, ISO code, name, acronym or alias; NULL when nothing has that name
CREATE OR REPLACE MACRO main.find_entity(entity) AS (
  SELECT min_by(found.entity_id, (found.rank, found.entity_id)) FROM (
    SELECT e.entity_id,
      CASE WHEN e.entity_id = entity THEN 0 WHEN lower(e.entity_id) = lower(entity) THEN 1
        WHEN lower(e.iso3) = lower(entity) OR lower(e.iso2) = lower(entity) THEN 2
        WHEN lower(e.name) = lower(entity) THEN 3 WHEN lower(e.acronym) = lower(entity) THEN 4 END AS rank
    FROM base.entities AS e
    UNION ALL
    SELECT l.entity_id, 5 AS rank FROM base.aliases AS l WHERE lower(l.alias) = lower(entity) AND l.form <> 'demonym'
  ) AS found
  WHERE found.rank IS NOT NULL
);

-- the same, but a name that nothing has is an error: an empty answer would look like an entity that nobody names
CREATE OR REPLACE MACRO main.entity_of(entity) AS (
  SELECT coalesce(find_entity(entity), error('no country or organisation is called ' || entity || ': FROM entities lists all'))
);

-- an entity that has weekly counts: trends are of countries, historical states and listed organisations
CREATE OR REPLACE MACRO main.counted_entity(entity) AS (
  SELECT CASE WHEN bool_and(e.listed AND e.kind IN ('country', 'historical', 'organisation')) THEN any_value(e.entity_id)
    ELSE error(entity || ' is ' || any_value(CASE WHEN e.listed THEN 'a ' || e.kind ELSE 'not in the gazetteer' END)
      || ': weekly counts are of countries, historical states and listed organisations') END
  FROM base.entities AS e WHERE e.entity_id = entity_of(entity)
);

-- a bloc: an entity that has members
CREATE OR REPLACE MACRO main.bloc_of(name) AS (
  SELECT CASE WHEN count(*) > 0 THEN any_value(m.bloc_id)
    ELSE error(name || ' has no members: SELECT DISTINCT bloc_id FROM memberships lists the blocs') END
  FROM base.memberships AS m WHERE m.bloc_id = entity_of(name)
);

-- what finds words in a text: in any case, as whole words where their script has spaces, over any run of white space
CREATE OR REPLACE MACRO main.words_pattern(words) AS CASE
  WHEN regexp_matches(words, '[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]')
    THEN '(?i)' || regexp_escape(trim(words))
  ELSE '(?i)(?:^|[^\p{L}\p{N}_])' || regexp_replace(regexp_escape(trim(words)), '(\\?\s)+', '[\\s\\x{a0}]+', 'g')
    || '(?:$|[^\p{L}\p{N}_])'
END;

CREATE OR REPLACE MACRO main.observed(week) AS TABLE
SELECT o.article_id, o.title, o.publisher, o.source_type, o.url, o.published_at, o.language, o.word_count, o.story_id
FROM mart.observed AS o WHERE o.week = date_trunc('week', week::DATE)::DATE ORDER BY o.published_at, o.article_id;

-- the mentions are picked before anything is joined to them: the planner would look for the name last
CREATE OR REPLACE MACRO main.evidence_by_id(id, week) AS TABLE
WITH found AS MATERIALIZED (
  SELECT m.* FROM base.mentions AS m
  WHERE m.week = date_trunc('week', week::DATE)::DATE AND m.entity_id = id AND m.counted
)
SELECT m.article_id, m.field, m.char_start, m.char_end, m.surface,
  span_text(CASE m.field WHEN 'title' THEN a.title ELSE t.text END, m.sentence_start, m.sentence_end) AS sentence,
  m.form, m.zone, m.alias, a.title, a.publisher, a.url, a.published_at, a.story_id, m.sentence_start
FROM found AS m
JOIN mart.observed AS a ON a.article_id = m.article_id AND a.week = date_trunc('week', week::DATE)::DATE
LEFT JOIN base.article_texts AS t ON t.article_id = m.article_id AND t.week = date_trunc('week', week::DATE)::DATE
ORDER BY a.published_at, m.article_id, m.field DESC, m.char_start;

CREATE OR REPLACE MACRO main.evidence(entity, week) AS TABLE FROM evidence_by_id(entity_of(entity), week);

-- one entity week by week; without filters as the mart has it, with filters counted from article_entities
CREATE OR REPLACE MACRO main.trend(entity, since := DATE '0001-01-01', until := DATE '9999-12-31') AS TABLE
SELECT t.week, t.entity_id, e.name, t.articles, t.stories, t.sources, t.mentions, t.observed_articles, t.share,
  t.share_low, t.share_high, t.change, t.change_low, t.change_high, t.mean8, t.change8, t.change8_low, t.change8_high,
  t.mean4, t.state, t.is_open, t.interval_kind, t.dispersion, t.title_articles
FROM mart.weekly_trends AS t JOIN base.entities AS e ON e.entity_id = t.entity_id
WHERE t.entity_id = counted_entity(entity) AND t.week BETWEEN since::DATE AND until::DATE
ORDER BY t.week;

CREATE OR REPLACE MACRO main.compare(entities, since := DATE '0001-01-01', until := DATE '9999-12-31') AS TABLE
SELECT t.week, t.entity_id, e.name, t.articles, t.stories, t.sources, t.mentions, t.observed_articles, t.share,
  t.share_low, t.share_high, t.mean4, t.state, t.is_open
FROM mart.weekly_trends AS t
JOIN base.entities AS e ON e.entity_id = t.entity_id
WHERE t.entity_id IN (SELECT counted_entity(given.name) FROM (SELECT unnest(entities) AS name) AS given)
  AND t.week BETWEEN since::DATE AND until::DATE
ORDER BY t.week, t.entity_id;

-- a trend of a part of the archive: by source type, region, collection, salience (title, lead, repeated) or form;
-- no filter is '', because a lake would take a NULL default for the word NULL
CREATE OR REPLACE MACRO main.trend_within(
  entity, source_type := '', region := '', collection := '', salience := '', form := '',
  since := DATE '0001-01-01', until := DATE '9999-12-31'
) AS TABLE
WITH chosen AS (
  SELECT f.feed_id, f.publisher FROM base.feeds AS f
  WHERE (coalesce(source_type, '') = '' OR f.source_type = source_type) AND (coalesce(region, '') = '' OR f.region = region)
    AND (coalesce(collection, '') = '' OR list_contains(f.collections, collection))
), totals AS (
  SELECT k.week, sum(k.observed_articles) AS n FROM mart.feed_weeks AS k SEMI JOIN chosen AS c ON c.feed_id = k.feed_id
  GROUP BY k.week
), seen AS (
  SELECT s.week, bool_or(s.state <> 'unobserved') AS any_seen, bool_and(s.state = 'observed') AS all_seen
  FROM mart.source_weeks AS s SEMI JOIN chosen AS c ON c.publisher = s.publisher GROUP BY s.week
), mine AS MATERIALIZED (
  SELECT a.* FROM mart.article_entities AS a WHERE a.entity_id = counted_entity(entity)
), named AS (
  SELECT a.week AS week, count(*) AS articles, sum(a.mentions) AS mentions, count(DISTINCT c.publisher) AS sources,
    count(DISTINCT coalesce(a.story_id, a.article_id)) FILTER (NOT a.is_later_copy) AS stories
  FROM mine AS a JOIN chosen AS c ON c.feed_id = a.feed_id
  WHERE (coalesce(salience, '') = '' OR (salience = 'title' AND a.in_title) OR (salience = 'lead' AND (a.in_title OR a.in_lead))
      OR (salience = 'repeated' AND a.mentions >= 2))
    AND (coalesce(form, '') = '' OR a.forms & (CASE form WHEN 'name' THEN 1 WHEN 'demonym' THEN 2 WHEN 'abbreviation' THEN 4
      WHEN 'historical' THEN 8 WHEN 'metonym' THEN 16 ELSE 32 END) > 0)
  GROUP BY a.week
), series AS (
  SELECT w.week AS week, w.is_open, d.dispersion AS phi,
    CASE WHEN NOT coalesce(s.any_seen, false) THEN 'unobserved' WHEN s.all_seen THEN 'observed' ELSE 'partial' END AS state,
    CASE WHEN s.any_seen THEN coalesce(n.articles, 0) END AS articles,
    CASE WHEN s.any_seen THEN coalesce(n.stories, 0) END AS stories,
    CASE WHEN s.any_seen THEN coalesce(n.sources, 0) END AS sources,
    CASE WHEN s.any_seen THEN coalesce(n.mentions, 0) END AS mentions,
    CASE WHEN s.any_seen THEN coalesce(t.n, 0) END AS observed_articles
  FROM mart.weeks AS w
  JOIN mart.weekly_trends AS d ON d.week = w.week AND d.entity_id = counted_entity(entity)
  LEFT JOIN totals AS t ON t.week = w.week
  LEFT JOIN seen AS s ON s.week = w.week
  LEFT JOIN named AS n ON n.week = w.week
), shares AS (
  SELECT x.*, x.articles / nullif(x.observed_articles, 0)::DOUBLE AS share,
    lag(x.articles / nullif(x.observed_articles, 0)::DOUBLE) OVER (ORDER BY x.week) AS last_share,
    lag(x.observed_articles) OVER (ORDER BY x.week) AS last_n,
    sum(x.articles) OVER four / nullif(sum(x.observed_articles) OVER four, 0)::DOUBLE AS mean4
  FROM series AS x WINDOW four AS (ORDER BY x.week ROWS BETWEEN 3 PRECEDING AND CURRENT ROW)
)
SELECT x.week, counted_entity(entity) AS entity_id, x.articles::INTEGER AS articles, x.stories::INTEGER AS stories,
  x.sources::INTEGER AS sources, x.mentions::INTEGER AS mentions, x.observed_articles::INTEGER AS observed_articles, x.share,
  wilson_low(x.share, x.observed_articles / x.phi) AS share_low, wilson_high(x.share, x.observed_articles / x.phi) AS share_high,
  CASE WHEN NOT x.is_open THEN x.share - x.last_share END AS change,
  CASE WHEN NOT x.is_open THEN change_low(x.share, x.observed_articles / x.phi, x.last_share, x.last_n / x.phi) END AS change_low,
  CASE WHEN NOT x.is_open THEN change_high(x.share, x.observed_articles / x.phi, x.last_share, x.last_n / x.phi) END AS change_high,
  x.mean4, x.state, x.is_open
FROM shares AS x WHERE x.week BETWEEN since::DATE AND until::DATE
ORDER BY x.week;

-- two entities together, week by week: lift is articles that name both over what independence would give
CREATE OR REPLACE MACRO main.pair(a, b, since := DATE '0001-01-01', until := DATE '9999-12-31') AS TABLE
SELECT x.week, x.articles AS a_articles, y.articles AS b_articles, x.observed_articles,
  CASE WHEN x.articles IS NOT NULL THEN coalesce(c.articles, 0) END AS articles,
  CASE WHEN x.articles IS NOT NULL THEN coalesce(c.sentences, 0) END AS sentences,
  x.articles * y.articles / nullif(x.observed_articles, 0)::DOUBLE AS expected_articles,
  coalesce(c.articles, 0) * x.observed_articles / nullif(x.articles * y.articles, 0)::DOUBLE AS lift
FROM mart.weekly_mentions AS x
JOIN mart.weekly_mentions AS y ON y.week = x.week AND y.entity_id = counted_entity(b)
LEFT JOIN mart.co_mentions AS c ON c.week = x.week AND c.entity_a = least(counted_entity(a), counted_entity(b))
  AND c.entity_b = greatest(counted_entity(a), counted_entity(b))
WHERE x.entity_id = counted_entity(a) AND x.week BETWEEN since::DATE AND until::DATE
ORDER BY x.week;

-- with whom an entity is named, over a span: pairs of at least `least` articles, by articles
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
  WHERE c.week BETWEEN since::DATE AND until::DATE
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

CREATE OR REPLACE MACRO main.bloc(name, since := DATE '0001-01-01', until := DATE '9999-12-31') AS TABLE
SELECT b.week, b.bloc_id, b.members, b.members_named, b.articles, b.mentions, b.observed_articles, b.share,
  b.articles_per_member
FROM mart.bloc_weeks AS b WHERE b.bloc_id = bloc_of(name) AND b.week BETWEEN since::DATE AND until::DATE
ORDER BY b.week;

-- share of articles that have the words in title or text, in any case, as whole words
CREATE OR REPLACE MACRO main.phrase(words, since := DATE '0001-01-01', until := DATE '9999-12-31') AS TABLE
WITH hits AS (
  SELECT o.week AS week, count(*) AS articles
  FROM mart.observed AS o JOIN base.article_texts AS t ON t.article_id = o.article_id AND t.week = o.week
  WHERE o.week BETWEEN since::DATE AND until::DATE AND t.week BETWEEN since::DATE AND until::DATE
    AND regexp_matches(o.title || chr(10) || t.text, words_pattern(words))
  GROUP BY o.week
)
SELECT w.week, CASE WHEN w.state <> 'unobserved' THEN coalesce(h.articles, 0)::INTEGER END AS articles, w.observed_articles,
  CASE WHEN w.state <> 'unobserved' THEN coalesce(h.articles, 0) / nullif(w.observed_articles, 0)::DOUBLE END AS share,
  w.state, w.is_open
FROM mart.weeks AS w LEFT JOIN hits AS h ON h.week = w.week
WHERE w.week BETWEEN since::DATE AND until::DATE
ORDER BY w.week;

-- articles with words in title or text, newest first
CREATE OR REPLACE MACRO main.search(words, since := DATE '0001-01-01', until := DATE '9999-12-31') AS TABLE
SELECT a.article_id, a.published_at, f.publisher, a.title, a.url, a.status,
  trim(regexp_extract(t.text, '[^\n]{0,120}' || words_pattern(words) || '[^\n]{0,120}')) AS passage
FROM base.articles AS a
JOIN base.feeds AS f USING (feed_id)
LEFT JOIN base.article_texts AS t ON t.article_id = a.article_id
WHERE regexp_matches(a.title || chr(10) || coalesce(t.text, ''), words_pattern(words))
  AND (a.week IS NULL OR a.week BETWEEN since::DATE AND until::DATE)
ORDER BY a.published_at DESC NULLS LAST, a.article_id;
