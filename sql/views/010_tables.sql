-- about: the analyst's names for the base tables; other programs rely on these columns, more may be added, none renamed
CREATE OR REPLACE VIEW main.feeds AS
SELECT f.feed_id, f.name, coalesce(s.adopted_url, f.url) AS url, s.moved_to, f.publisher, f.source_type, f.region,
  f.language, coalesce(s.status, 'new') AS status, coalesce(s.consecutive_failures, 0) AS consecutive_failures,
  s.last_ok_at, s.next_fetch_at, f.collections, f.active, f.declared_at, f.retired_at, s.last_poll_at, s.last_new_at,
  s."interval" AS poll_seconds, s.note
FROM base.feeds AS f LEFT JOIN base.feed_states AS s USING (feed_id);

CREATE OR REPLACE VIEW main.entries AS
SELECT feed_id, entry_id, url, title, published_raw, first_seen_at, outcome, article_id, reason, run_id, canonical_url,
  published_at, is_first_poll, is_backfilled, attempts, next_attempt_at
FROM base.entries;

CREATE OR REPLACE VIEW main.articles AS
SELECT a.article_id, a.feed_id, a.url, a.canonical_url, a.title, a.author, a.published_at, a.published_from, a.fetched_at,
  a.week, a.language, a.word_count, a.status, a.story_id, a.tagger_version, a.extractor_version, a.reason,
  a.first_seen_at, a.is_backfilled, f.publisher, f.source_type, f.region
FROM base.articles AS a LEFT JOIN base.feeds AS f USING (feed_id);

CREATE OR REPLACE VIEW main.article_texts AS
SELECT article_id, text FROM base.article_texts;

CREATE OR REPLACE VIEW main.mentions AS
SELECT article_id, entity_id, kind, form, surface, field, zone, counted, char_start, char_end, alias, rule, week,
  sentence_start, sentence_end
FROM base.mentions;

CREATE OR REPLACE VIEW main.entities AS
SELECT entity_id, kind, name, iso2, iso3, region, acronym, listed, successor_id, valid_from, valid_to, subkind, home
FROM base.entities;

CREATE OR REPLACE VIEW main.aliases AS
SELECT entity_id, alias, language, form, "case", rule FROM base.aliases;

CREATE OR REPLACE VIEW main.memberships AS
SELECT entity_id, bloc_id, valid_from, valid_to FROM base.memberships;

CREATE OR REPLACE VIEW main.fetches AS
SELECT run_id, kind, url, started_at, seconds, outcome, http_status, bytes, error, feed_id FROM base.fetches;

CREATE OR REPLACE VIEW main.runs AS
SELECT run_id, started_at, finished_at, outcome, feeds_due, feeds_ok, feeds_failed, discovered, stored, duplicate, refused,
  failed, pending, articles, mentions
FROM base.runs;

CREATE OR REPLACE VIEW main.stories AS
SELECT a.story_id, min(a.published_at) AS first_published_at, arg_min(f.publisher, a.published_at) AS first_publisher,
  arg_min(a.title, a.published_at) AS title, min(a.week) AS week, count(*)::INTEGER AS articles,
  count(DISTINCT f.publisher)::INTEGER AS publishers
FROM base.articles AS a JOIN base.feeds AS f USING (feed_id)
WHERE a.story_id IS NOT NULL
GROUP BY a.story_id;

CREATE OR REPLACE VIEW main.vintages AS
SELECT vintage, published_at, gazetteer, articles, mentions FROM base.vintages;
