-- about: functions for analysts: ids or names, a Monday as DATE
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

-- what finds words in a text, and before it, many times faster, what texts that have them match at the least: ends of longer
-- words too. Both are worked out once for all texts, which an error() within would prevent.
CREATE OR REPLACE MACRO main.words_between(before, words, after) AS
  CASE WHEN regexp_matches(words, '[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]')
    THEN '(?i)' || regexp_escape(trim(words))
  ELSE '(?i)' || before || regexp_replace(regexp_escape(trim(words)), '(\\?\s)+', '[\\s\\x{a0}]+', 'g') || after END;

CREATE OR REPLACE MACRO main.words_pattern(words) AS
  words_between('(?:^|[^\p{L}\p{N}_])', words, '(?:$|[^\p{L}\p{N}_])');

-- whether a text has the words: in any case, as whole words where their script has spaces, over any run of white space
CREATE OR REPLACE MACRO main.has_words(text, words) AS CASE WHEN regexp_matches(text, words_between('', words, '(?:$|[^0-9A-Za-z_])'))
  THEN regexp_matches(text, words_pattern(words)) ELSE false END;

CREATE OR REPLACE MACRO main.are_words(words) AS CASE WHEN trim(words) = '' THEN error('no words are given') ELSE true END;

CREATE OR REPLACE MACRO main.observed(week) AS TABLE
SELECT o.article_id, o.title, o.publisher, o.source_type, o.url, o.published_at, o.language, o.word_count, o.story_id
FROM mart.observed AS o WHERE o.week = date_trunc('week', week::DATE)::DATE ORDER BY o.published_at, o.article_id;

-- the mentions are picked before anything is joined to them: the planner would look for the name last
CREATE OR REPLACE MACRO main.evidence_by_id(id, week) AS TABLE
WITH found AS MATERIALIZED (
  SELECT m.article_id, m.field, m.char_start, m.char_end, m.surface, m.form, m.zone, m.alias, m.sentence_start, m.sentence_end
  FROM base.mentions AS m
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
  t.share_low, t.share_high, t.change, t.change_low, t.change_high, t.mean8, t.change8, t.change8_low, t.change8_high,
  t.mean4, t.state, t.is_open, t.interval_kind, t.dispersion, t.title_articles
FROM mart.weekly_trends AS t
JOIN base.entities AS e ON e.entity_id = t.entity_id
WHERE t.entity_id IN (SELECT counted_entity(given.name) FROM (SELECT unnest(entities) AS name) AS given)
  AND t.week BETWEEN since::DATE AND until::DATE
ORDER BY t.week, t.entity_id;

CREATE OR REPLACE MACRO main.listed(names) AS coalesce(nullif(array_to_string(names, ', '), ''), 'none');

-- true, or an error that says what there is: a mistyped filter would look like weeks that nobody saw; no filter is '',
-- because a lake would take a NULL default for the word NULL
CREATE OR REPLACE MACRO main.is_filter(source_type, region, collection, salience, form) AS (
  SELECT CASE
    WHEN source_type <> '' AND NOT coalesce(list_contains(known.types, source_type), false)
      THEN error('no source is of type ' || source_type || ': there are ' || listed(known.types))
    WHEN region <> '' AND NOT coalesce(list_contains(known.regions, region), false)
      THEN error('no source is of region ' || region || ': there are ' || listed(known.regions))
    WHEN collection <> '' AND NOT coalesce(list_contains(known.collections, collection), false)
      THEN error('no source is in a collection ' || collection || ': there are ' || listed(known.collections))
    WHEN salience NOT IN ('', 'title', 'lead', 'repeated')
      THEN error('salience is title, lead or repeated, not ' || salience)
    WHEN form NOT IN ('', 'name', 'demonym', 'abbreviation', 'historical', 'metonym', 'other')
      THEN error('form is name, demonym, abbreviation, historical, metonym or other, not ' || form)
    ELSE true END
  FROM (
    SELECT list(DISTINCT f.source_type ORDER BY f.source_type) AS types,
      list(DISTINCT f.region ORDER BY f.region) FILTER (f.region IS NOT NULL) AS regions,
      list_sort(list_distinct(flatten(list(f.collections)))) AS collections
    FROM base.feeds AS f
  ) AS known
);

-- the feeds of a part of the archive, and whether a naming article is in it by prominence and form of the name
CREATE OR REPLACE MACRO main.chosen_feeds(source_type, region, collection) AS TABLE
SELECT f.feed_id, f.publisher FROM base.feeds AS f
WHERE (coalesce(source_type, '') = '' OR f.source_type = source_type) AND (coalesce(region, '') = '' OR f.region = region)
  AND (coalesce(collection, '') = '' OR list_contains(f.collections, collection));

CREATE OR REPLACE MACRO main.is_chosen(salience, form, in_title, in_lead, mentions, forms) AS
  (coalesce(salience, '') = '' OR (salience = 'title' AND in_title) OR (salience = 'lead' AND (in_title OR in_lead))
    OR (salience = 'repeated' AND mentions >= 2))
  AND (coalesce(form, '') = '' OR forms & (CASE form WHEN 'name' THEN 1 WHEN 'demonym' THEN 2 WHEN 'abbreviation' THEN 4
    WHEN 'historical' THEN 8 WHEN 'metonym' THEN 16 ELSE 32 END) > 0);

-- the weeks as the sources of some feeds were seen in them, by the rule of mart.weeks: unobserved when none was, or none in
-- full and nothing of the feeds is there
CREATE OR REPLACE MACRO main.weeks_of_feeds(feed_ids) AS TABLE
WITH chosen AS (
  SELECT f.feed_id, f.publisher FROM base.feeds AS f WHERE list_contains(feed_ids, f.feed_id)
), totals AS (
  SELECT k.week, sum(k.observed_articles) AS n FROM mart.feed_weeks AS k SEMI JOIN chosen AS c ON c.feed_id = k.feed_id
  GROUP BY k.week
), seen AS (
  SELECT s.week, count(*)::INTEGER AS sources, (count(*) FILTER (s.state = 'observed'))::INTEGER AS observed,
    (count(*) FILTER (s.state = 'partial'))::INTEGER AS partial,
    sum(s.missing_articles)::INTEGER AS missing_articles,
    sum(s.missing_articles) <= 0.2 * (sum(s.observed_articles) + sum(s.missing_articles)) AS has_most
  FROM mart.source_weeks AS s SEMI JOIN chosen AS c ON c.publisher = s.publisher GROUP BY s.week
), states AS (
  SELECT w.week, w.is_open, w.is_provisional, coalesce(s.sources, 0) AS sources, coalesce(s.observed, 0) AS observed,
    coalesce(s.partial, 0) AS partial, s.has_most, coalesce(s.missing_articles, 0) AS missing_articles, coalesce(t.n, 0)::INTEGER AS n
  FROM mart.weeks AS w LEFT JOIN totals AS t ON t.week = w.week LEFT JOIN seen AS s ON s.week = w.week
)
SELECT x.week,
  CASE WHEN x.observed + x.partial = 0 OR (x.observed = 0 AND x.n = 0) THEN 'unobserved'
    WHEN x.observed >= 0.8 * x.sources AND x.has_most THEN 'observed' ELSE 'partial' END AS state,
  x.is_open, x.is_provisional, x.sources, x.observed AS sources_observed, x.partial AS sources_partial,
  x.sources - x.observed - x.partial AS sources_unobserved, x.n AS observed_articles, x.missing_articles
FROM states AS x ORDER BY x.week;

-- the weeks of a part of the archive: as seen of its sources, with their observed articles
CREATE OR REPLACE MACRO main.weeks_within(source_type := '', region := '', collection := '') AS TABLE
WITH chosen AS (
  SELECT list(c.feed_id) AS feed_ids FROM chosen_feeds(source_type, region, collection) AS c
)
SELECT x.week, x.state, x.is_open, CASE WHEN x.state <> 'unobserved' THEN x.observed_articles END AS observed_articles
FROM weeks_of_feeds((SELECT d.feed_ids FROM chosen AS d)) AS x
WHERE is_filter(source_type, region, collection, NULL, NULL) ORDER BY x.week;

-- a trend of a part of the archive: by source type, region, collection, salience (title, lead, repeated) or form; of
-- the whole without any. The dispersion is that of the name over all sources.
CREATE OR REPLACE MACRO main.trend_within(
  entity, source_type := '', region := '', collection := '', salience := '', form := '',
  since := DATE '0001-01-01', until := DATE '9999-12-31'
) AS TABLE
WITH mine AS MATERIALIZED (
  SELECT a.* FROM mart.article_entities AS a WHERE a.entity_id = counted_entity(entity)
), named AS (
  SELECT a.week AS week, count(*) AS articles, sum(a.mentions) AS mentions, count(DISTINCT c.publisher) AS sources,
    count(DISTINCT coalesce(a.story_id, a.article_id)) FILTER (NOT a.is_later_copy) AS stories,
    count(*) FILTER (a.in_title) AS title_articles
  FROM mine AS a JOIN chosen_feeds(source_type, region, collection) AS c ON c.feed_id = a.feed_id
  WHERE is_chosen(salience, form, a.in_title, a.in_lead, a.mentions, a.forms)
  GROUP BY a.week
), states AS (
  SELECT w.week AS week, w.is_open, d.name, d.dispersion AS phi, d.interval_kind AS kind, w.observed_articles AS n, w.state
  FROM weeks_within(source_type := source_type, region := region, collection := collection) AS w
  JOIN main.weekly_trends AS d ON d.week = w.week AND d.entity_id = counted_entity(entity)
), series AS (
  SELECT x.week, x.is_open, x.name, x.phi, x.kind, x.state,
    CASE WHEN x.state <> 'unobserved' THEN coalesce(n.articles, 0) END AS articles,
    CASE WHEN x.state <> 'unobserved' THEN coalesce(n.stories, 0) END AS stories,
    CASE WHEN x.state <> 'unobserved' THEN coalesce(n.sources, 0) END AS sources,
    CASE WHEN x.state <> 'unobserved' THEN coalesce(n.mentions, 0) END AS mentions,
    CASE WHEN x.state <> 'unobserved' THEN coalesce(n.title_articles, 0) END AS title_articles,
    CASE WHEN x.state <> 'unobserved' THEN x.n END AS n,
    CASE WHEN x.state <> 'unobserved' THEN coalesce(n.articles, 0) / nullif(x.n, 0)::DOUBLE END AS share
  FROM states AS x LEFT JOIN named AS n ON n.week = x.week
), judged AS (
  SELECT s.*, lag(s.share) OVER weekly AS last_share, lag(s.n) OVER weekly AS last_n,
    sum(s.articles) OVER eight / nullif(sum(s.n) OVER eight, 0)::DOUBLE AS mean8, sum(s.n) OVER eight AS mean8_n,
    count(s.articles) OVER eight >= 6 AND count(*) OVER eight = 8 AND NOT s.is_open AND s.n > 0 AS has_eight,
    sum(s.articles) OVER four / nullif(sum(s.n) OVER four, 0)::DOUBLE AS mean4
  FROM series AS s
  WINDOW weekly AS (ORDER BY s.week), eight AS (ORDER BY s.week ROWS BETWEEN 8 PRECEDING AND 1 PRECEDING),
    four AS (ORDER BY s.week ROWS BETWEEN 3 PRECEDING AND CURRENT ROW)
)
SELECT j.week, counted_entity(entity) AS entity_id, j.name, j.articles::INTEGER AS articles, j.stories::INTEGER AS stories,
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
  CASE WHEN j.share IS NOT NULL THEN j.kind END AS interval_kind,
  j.phi AS dispersion, j.title_articles::INTEGER AS title_articles
FROM judged AS j
WHERE j.week BETWEEN since::DATE AND until::DATE AND is_filter(source_type, region, collection, salience, form)
ORDER BY j.week;
