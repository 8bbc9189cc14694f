-- about: the base tables; keys are computed in Python, uniqueness is an anti-join at load plus sql/checks
-- No PRIMARY KEY, UNIQUE, CHECK, FOREIGN KEY, sequence, ENUM, generated column or index: the same text runs on DuckLake.

CREATE SCHEMA IF NOT EXISTS base;
CREATE SCHEMA IF NOT EXISTS mart;

CREATE TABLE base.feeds (
  feed_id VARCHAR NOT NULL, name VARCHAR NOT NULL, url VARCHAR NOT NULL, publisher VARCHAR NOT NULL,
  source_type VARCHAR NOT NULL, region VARCHAR, language VARCHAR, collections VARCHAR[], active BOOLEAN NOT NULL,
  full_text BOOLEAN, timezone VARCHAR, declared_at TIMESTAMPTZ NOT NULL, retired_at TIMESTAMPTZ
);

CREATE TABLE base.feed_states (
  feed_id VARCHAR NOT NULL, status VARCHAR NOT NULL, etag VARCHAR, last_modified VARCHAR, body_hash VARCHAR,
  "interval" INTEGER NOT NULL, next_fetch_at TIMESTAMPTZ, retry_after_at TIMESTAMPTZ,
  consecutive_failures INTEGER NOT NULL, last_poll_at TIMESTAMPTZ, last_ok_at TIMESTAMPTZ, last_new_at TIMESTAMPTZ,
  moved_to VARCHAR, moved_first_at TIMESTAMPTZ, moved_seen INTEGER NOT NULL, adopted_url VARCHAR, note VARCHAR,
  oldest_entry_at TIMESTAMPTZ, window_entries INTEGER NOT NULL
);

CREATE TABLE base.runs (
  run_id VARCHAR NOT NULL, started_at TIMESTAMPTZ NOT NULL, finished_at TIMESTAMPTZ, outcome VARCHAR,
  feeds_due INTEGER, feeds_ok INTEGER, feeds_failed INTEGER,
  discovered INTEGER, stored INTEGER, duplicate INTEGER, refused INTEGER, failed INTEGER, pending INTEGER,
  articles INTEGER, mentions INTEGER
);

CREATE TABLE base.fetches (
  run_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, feed_id VARCHAR, url VARCHAR NOT NULL,
  started_at TIMESTAMPTZ NOT NULL, seconds DOUBLE NOT NULL, outcome VARCHAR NOT NULL,
  http_status INTEGER, bytes BIGINT NOT NULL, error VARCHAR
);

CREATE TABLE base.windows (
  feed_id VARCHAR NOT NULL, run_id VARCHAR NOT NULL, polled_at TIMESTAMPTZ NOT NULL,
  oldest_entry_at TIMESTAMPTZ, entries INTEGER NOT NULL, new_entries INTEGER NOT NULL, is_first BOOLEAN NOT NULL
);

-- link_id is the article_id that the entry's own link would have; article_id the one it ended as (rel=canonical may differ)
-- outcome: pending, stored, duplicate, refused or failed; reason says why it is not stored
CREATE TABLE base.entries (
  feed_id VARCHAR NOT NULL, entry_id VARCHAR NOT NULL, run_id VARCHAR NOT NULL, url VARCHAR, canonical_url VARCHAR,
  title VARCHAR NOT NULL, published_raw VARCHAR, published_at TIMESTAMPTZ, date_only BOOLEAN NOT NULL,
  first_seen_at TIMESTAMPTZ NOT NULL, is_first_poll BOOLEAN NOT NULL, is_backfilled BOOLEAN NOT NULL,
  outcome VARCHAR NOT NULL, reason VARCHAR, link_id BIGINT, article_id BIGINT,
  attempts INTEGER NOT NULL, next_attempt_at TIMESTAMPTZ
);

-- what a pending entry still needs for its article; the row goes when the entry is settled
CREATE TABLE base.entry_payloads (
  feed_id VARCHAR NOT NULL, entry_id VARCHAR NOT NULL, author VARCHAR, summary VARCHAR, content VARCHAR
);

-- status: full, partial or metadata; reason says why it is not full
CREATE TABLE base.articles (
  article_id BIGINT NOT NULL, feed_id VARCHAR NOT NULL, url VARCHAR NOT NULL, canonical_url VARCHAR NOT NULL,
  title VARCHAR NOT NULL, author VARCHAR, published_at TIMESTAMPTZ, published_from VARCHAR NOT NULL,
  fetched_at TIMESTAMPTZ NOT NULL, first_seen_at TIMESTAMPTZ NOT NULL, week DATE, language VARCHAR,
  word_count INTEGER NOT NULL, status VARCHAR NOT NULL, reason VARCHAR, story_id BIGINT,
  tagger_version VARCHAR, extractor_version VARCHAR, is_backfilled BOOLEAN NOT NULL, run_id VARCHAR NOT NULL
);

-- week repeats the article's here too, so that the texts of one week are found without a look at all
CREATE TABLE base.article_texts (article_id BIGINT NOT NULL, week DATE, text VARCHAR NOT NULL);

-- week repeats the article's, so that a week's mentions lie together; sentence_start and sentence_end are the span of the
-- sentence around the mention; sentence numbers those sentences of the article (text, then title) that name something
CREATE TABLE base.mentions (
  article_id BIGINT NOT NULL, week DATE, entity_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, form VARCHAR NOT NULL,
  surface VARCHAR NOT NULL, field VARCHAR NOT NULL, zone VARCHAR NOT NULL, counted BOOLEAN NOT NULL,
  char_start INTEGER NOT NULL, char_end INTEGER NOT NULL,
  sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL, sentence INTEGER NOT NULL,
  alias VARCHAR NOT NULL, rule VARCHAR
);

CREATE TABLE base.entities (
  entity_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, name VARCHAR NOT NULL, iso2 VARCHAR, iso3 VARCHAR,
  region VARCHAR, acronym VARCHAR, listed BOOLEAN NOT NULL, successor_id VARCHAR, valid_from DATE, valid_to DATE,
  subkind VARCHAR, home VARCHAR
);

CREATE TABLE base.aliases (
  entity_id VARCHAR NOT NULL, alias VARCHAR NOT NULL, language VARCHAR NOT NULL, form VARCHAR NOT NULL,
  "case" VARCHAR NOT NULL, rule VARCHAR
);

CREATE TABLE base.memberships (entity_id VARCHAR NOT NULL, bloc_id VARCHAR NOT NULL, valid_from DATE, valid_to DATE);

-- one row a near-duplicate signature band: two articles that share one are compared
-- day is that of the article's date (else when it was first seen): copies are sought within 60 days
CREATE TABLE base.signatures (article_id BIGINT NOT NULL, day DATE NOT NULL, band INTEGER NOT NULL, hash BIGINT NOT NULL);

-- the lines of an article's text by hash, to find those that repeat across a source's articles
CREATE TABLE base.article_lines (article_id BIGINT NOT NULL, publisher VARCHAR NOT NULL, line_hash BIGINT NOT NULL);

CREATE TABLE base.tombstones (kind VARCHAR NOT NULL, value VARCHAR NOT NULL, reason VARCHAR, forgotten_at TIMESTAMPTZ NOT NULL);

-- each gazetteer that this warehouse was tagged with, in order of its coming
CREATE TABLE base.gazetteers (version VARCHAR NOT NULL, synced_at TIMESTAMPTZ NOT NULL);

-- one row: it grows with every change to the base tables, so that a publish knows whether there is anything new
CREATE TABLE base.data_version (version BIGINT NOT NULL);
INSERT INTO base.data_version VALUES (0);

-- weeks whose base rows changed since the marts were built last
CREATE TABLE base.dirty_weeks (week DATE NOT NULL);

-- what the marts were built from: the digest of their SQL
CREATE TABLE base.mart_builds (digest VARCHAR NOT NULL, version BIGINT NOT NULL);

-- one row a publish; the counts as published are kept as differences to the vintage before
CREATE TABLE base.vintages (
  vintage INTEGER NOT NULL, published_at TIMESTAMPTZ NOT NULL, version BIGINT NOT NULL, gazetteer VARCHAR,
  articles BIGINT NOT NULL, mentions BIGINT NOT NULL
);

CREATE TABLE base.vintage_counts (
  vintage INTEGER NOT NULL, week DATE NOT NULL, entity_id VARCHAR NOT NULL,
  articles INTEGER, stories INTEGER, sources INTEGER, mentions INTEGER
);

CREATE TABLE base.vintage_weeks (
  vintage INTEGER NOT NULL, week DATE NOT NULL, state VARCHAR NOT NULL, observed_articles INTEGER
);
