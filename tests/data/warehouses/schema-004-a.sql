CREATE SCHEMA base; CREATE SCHEMA mart;
CREATE TABLE base.aliases(entity_id VARCHAR NOT NULL, alias VARCHAR NOT NULL, "language" VARCHAR NOT NULL, form VARCHAR NOT NULL, "case" VARCHAR NOT NULL, "rule" VARCHAR);
INSERT INTO base.aliases VALUES
('KHM', 'Cambodia', 'en', 'name', 'exact', NULL),
('KHM', 'Cambodian', 'en', 'demonym', 'exact', NULL),
('THA', 'Thailand', 'en', 'name', 'exact', NULL),
('VNM', 'Viet Nam', 'en', 'name', 'exact', NULL),
('CHN', 'China', 'en', 'name', 'exact', NULL),
('SUHH', 'Soviet Union', 'en', 'historical', 'exact', NULL),
('RUS', 'Russia', 'en', 'name', 'exact', NULL),
('asean', 'ASEAN', 'en', 'abbreviation', 'exact', NULL),
('un', 'United Nations', 'en', 'name', 'exact', NULL);
CREATE TABLE base.article_lines(article_id BIGINT NOT NULL, publisher VARCHAR NOT NULL, line_hash BIGINT NOT NULL);
CREATE TABLE base.article_texts(article_id BIGINT NOT NULL, "text" VARCHAR NOT NULL);
CREATE TABLE base.articles(article_id BIGINT NOT NULL, feed_id VARCHAR NOT NULL, url VARCHAR NOT NULL, canonical_url VARCHAR NOT NULL, title VARCHAR NOT NULL, author VARCHAR, published_at TIMESTAMP WITH TIME ZONE, published_from VARCHAR NOT NULL, fetched_at TIMESTAMP WITH TIME ZONE NOT NULL, first_seen_at TIMESTAMP WITH TIME ZONE NOT NULL, "week" DATE, "language" VARCHAR, word_count INTEGER NOT NULL, status VARCHAR NOT NULL, reason VARCHAR, story_id BIGINT, tagger_version VARCHAR, extractor_version VARCHAR, is_backfilled BOOLEAN NOT NULL, run_id VARCHAR NOT NULL);
CREATE TABLE base.boilerplate_lines(publisher VARCHAR NOT NULL, line_hash BIGINT NOT NULL, stories INTEGER NOT NULL, found_at TIMESTAMP WITH TIME ZONE NOT NULL, revised_mentions INTEGER NOT NULL);
CREATE TABLE base.data_version("version" BIGINT NOT NULL);
INSERT INTO base.data_version VALUES
('3');
CREATE TABLE base.dirty_weeks("week" DATE NOT NULL);
INSERT INTO base.dirty_weeks VALUES
('2026-11-09'),
('2026-11-16');
CREATE TABLE base.entities(entity_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, "name" VARCHAR NOT NULL, iso2 VARCHAR, iso3 VARCHAR, region VARCHAR, acronym VARCHAR, listed BOOLEAN NOT NULL, successor_id VARCHAR, valid_from DATE, valid_to DATE, subkind VARCHAR, home VARCHAR);
INSERT INTO base.entities VALUES
('KHM', 'country', 'Cambodia', 'KH', 'KHM', 'South-east Asia', NULL, 'true', NULL, NULL, NULL, NULL, NULL),
('THA', 'country', 'Thailand', 'TH', 'THA', 'South-east Asia', NULL, 'true', NULL, NULL, NULL, NULL, NULL),
('VNM', 'country', 'Viet Nam', 'VN', 'VNM', 'South-east Asia', NULL, 'true', NULL, NULL, NULL, NULL, NULL),
('CHN', 'country', 'China', 'CN', 'CHN', 'East Asia', NULL, 'true', NULL, NULL, NULL, NULL, NULL),
('SUHH', 'historical', 'Soviet Union', NULL, NULL, NULL, NULL, 'true', 'RUS', NULL, NULL, NULL, NULL),
('RUS', 'country', 'Russia', 'RU', 'RUS', 'Europe', NULL, 'true', NULL, NULL, NULL, NULL, NULL),
('asean', 'organisation', 'Association of Southeast Asian Nations', NULL, NULL, NULL, 'ASEAN', 'true', NULL, NULL, NULL, NULL, NULL),
('un', 'organisation', 'United Nations', NULL, NULL, NULL, 'UN', 'true', NULL, NULL, NULL, NULL, NULL);
CREATE TABLE base.entries(feed_id VARCHAR NOT NULL, entry_id VARCHAR NOT NULL, run_id VARCHAR NOT NULL, url VARCHAR, canonical_url VARCHAR, title VARCHAR NOT NULL, published_raw VARCHAR, published_at TIMESTAMP WITH TIME ZONE, date_only BOOLEAN NOT NULL, first_seen_at TIMESTAMP WITH TIME ZONE NOT NULL, is_first_poll BOOLEAN NOT NULL, is_backfilled BOOLEAN NOT NULL, outcome VARCHAR NOT NULL, reason VARCHAR, link_id BIGINT, article_id BIGINT, attempts INTEGER NOT NULL, next_attempt_at TIMESTAMP WITH TIME ZONE);
INSERT INTO base.entries VALUES
('source0', '3c685e255a8b191a', 'r1', 'https://source0.example/0-0', 'https://source0.example/0-0', 'On Russia and trade 0 0', 'raw', '2026-11-17 09:00:00+00', 'false', '2026-11-22 12:00:00+00', 'true', 'false', 'pending', NULL, '4352832554379450650', NULL, '0', NULL),
('source0', '1aa7953dc51ba6a7', 'r1', 'https://source0.example/1-0', 'https://source0.example/1-0', 'On ASEAN and quiet 1 0', 'raw', '2026-11-12 09:00:00+00', 'false', '2026-11-22 12:00:00+00', 'true', 'false', 'pending', NULL, '1920667858629273255', NULL, '0', NULL),
('source1', '2ec4073be56a5c', 'r1', 'https://source1.example/0-0', 'https://source1.example/0-0', 'On Soviet Union and low 0 0', 'raw', '2026-11-19 09:00:00+00', 'false', '2026-11-22 12:00:00+00', 'true', 'false', 'pending', NULL, '13163384277396060', NULL, '0', NULL),
('source1', '7f33fa1cc86d65c9', 'r1', 'https://source1.example/1-0', 'https://source1.example/1-0', 'On Cambodian and waited 1 0', 'raw', '2026-11-13 09:00:00+00', 'false', '2026-11-22 12:00:00+00', 'true', 'false', 'pending', NULL, '9165944668157732297', NULL, '0', NULL);
CREATE TABLE base.entry_payloads(feed_id VARCHAR NOT NULL, entry_id VARCHAR NOT NULL, author VARCHAR, summary VARCHAR, "content" VARCHAR);
INSERT INTO base.entry_payloads VALUES
('source0', '3c685e255a8b191a', NULL, NULL, NULL),
('source0', '1aa7953dc51ba6a7', NULL, NULL, NULL),
('source1', '2ec4073be56a5c', NULL, NULL, NULL),
('source1', '7f33fa1cc86d65c9', NULL, NULL, NULL);
CREATE TABLE base.feed_states(feed_id VARCHAR NOT NULL, status VARCHAR NOT NULL, etag VARCHAR, last_modified VARCHAR, body_hash VARCHAR, "interval" INTEGER NOT NULL, next_fetch_at TIMESTAMP WITH TIME ZONE, retry_after_at TIMESTAMP WITH TIME ZONE, consecutive_failures INTEGER NOT NULL, last_poll_at TIMESTAMP WITH TIME ZONE, last_ok_at TIMESTAMP WITH TIME ZONE, last_new_at TIMESTAMP WITH TIME ZONE, moved_to VARCHAR, moved_first_at TIMESTAMP WITH TIME ZONE, moved_seen INTEGER NOT NULL, adopted_url VARCHAR, note VARCHAR, oldest_entry_at TIMESTAMP WITH TIME ZONE, window_entries INTEGER NOT NULL);
INSERT INTO base.feed_states VALUES
('source0', 'ok', NULL, NULL, NULL, '3600', NULL, NULL, '0', '2026-11-22 12:00:00+00', '2026-11-22 12:00:00+00', NULL, NULL, NULL, '0', NULL, NULL, NULL, '0'),
('source1', 'ok', NULL, NULL, NULL, '3600', NULL, NULL, '0', '2026-11-22 12:00:00+00', '2026-11-22 12:00:00+00', NULL, NULL, NULL, '0', NULL, NULL, NULL, '0');
CREATE TABLE base.feeds(feed_id VARCHAR NOT NULL, "name" VARCHAR NOT NULL, url VARCHAR NOT NULL, publisher VARCHAR NOT NULL, source_type VARCHAR NOT NULL, region VARCHAR, "language" VARCHAR, collections VARCHAR[], active BOOLEAN NOT NULL, full_text BOOLEAN, timezone VARCHAR, declared_at TIMESTAMP WITH TIME ZONE NOT NULL, retired_at TIMESTAMP WITH TIME ZONE);
INSERT INTO base.feeds VALUES
('source0', 'Source0', 'https://source0.example/feed', 'source0', 'commentary', 'asia', 'en', '[core, c0]', 'true', NULL, NULL, '2026-11-22 12:00:00+00', NULL),
('source1', 'Source1', 'https://source1.example/feed', 'source1', 'think-tank', 'asia', 'en', '[core, c1]', 'true', NULL, NULL, '2026-11-22 12:00:00+00', NULL);
CREATE TABLE base.fetches(run_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, feed_id VARCHAR, url VARCHAR NOT NULL, started_at TIMESTAMP WITH TIME ZONE NOT NULL, "seconds" DOUBLE NOT NULL, outcome VARCHAR NOT NULL, http_status INTEGER, bytes BIGINT NOT NULL, "error" VARCHAR);
INSERT INTO base.fetches VALUES
('r1', 'feed', 'source0', 'https://source0.example/feed', '2026-11-22 12:00:00+00', '0.1', 'ok', '200', '1000', NULL),
('r1', 'feed', 'source1', 'https://source1.example/feed', '2026-11-22 12:00:00+00', '0.1', 'ok', '200', '1000', NULL);
CREATE TABLE base.gazetteers("version" VARCHAR NOT NULL, synced_at TIMESTAMP WITH TIME ZONE NOT NULL);
INSERT INTO base.gazetteers VALUES
('g1', '2026-11-22 12:00:00+00');
CREATE TABLE base.host_holds(site VARCHAR NOT NULL, hold_until TIMESTAMP WITH TIME ZONE NOT NULL);
CREATE TABLE base.mart_builds(digest VARCHAR NOT NULL, "version" BIGINT NOT NULL);
CREATE TABLE base.memberships(entity_id VARCHAR NOT NULL, bloc_id VARCHAR NOT NULL, valid_from DATE, valid_to DATE);
INSERT INTO base.memberships VALUES
('KHM', 'asean', '1999-04-30', NULL),
('THA', 'asean', '1967-08-08', NULL),
('VNM', 'asean', '1995-07-28', NULL);
CREATE TABLE base.mentions(article_id BIGINT NOT NULL, "week" DATE, entity_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, form VARCHAR NOT NULL, surface VARCHAR NOT NULL, field VARCHAR NOT NULL, "zone" VARCHAR NOT NULL, counted BOOLEAN NOT NULL, char_start INTEGER NOT NULL, char_end INTEGER NOT NULL, sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL, alias VARCHAR NOT NULL, "rule" VARCHAR);
CREATE TABLE base.next_articles("version" VARCHAR NOT NULL, article_id BIGINT NOT NULL);
CREATE TABLE base.next_mentions("version" VARCHAR NOT NULL, article_id BIGINT NOT NULL, "week" DATE, entity_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, form VARCHAR NOT NULL, surface VARCHAR NOT NULL, field VARCHAR NOT NULL, "zone" VARCHAR NOT NULL, counted BOOLEAN NOT NULL, char_start INTEGER NOT NULL, char_end INTEGER NOT NULL, sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL, alias VARCHAR NOT NULL, "rule" VARCHAR, "name" VARCHAR, listed BOOLEAN NOT NULL);
CREATE TABLE base.past_mentions("version" VARCHAR, article_id BIGINT NOT NULL, "week" DATE, entity_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, form VARCHAR NOT NULL, surface VARCHAR NOT NULL, field VARCHAR NOT NULL, "zone" VARCHAR NOT NULL, counted BOOLEAN NOT NULL, char_start INTEGER NOT NULL, char_end INTEGER NOT NULL, sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL, alias VARCHAR NOT NULL, "rule" VARCHAR);
CREATE TABLE base.retags("version" VARCHAR NOT NULL, switched_at TIMESTAMP WITH TIME ZONE NOT NULL, articles BIGINT NOT NULL);
CREATE TABLE base.robots(origin VARCHAR NOT NULL, fetched_at TIMESTAMP WITH TIME ZONE NOT NULL, verdict VARCHAR NOT NULL, "text" VARCHAR NOT NULL, note VARCHAR);
CREATE TABLE base.runs(run_id VARCHAR NOT NULL, started_at TIMESTAMP WITH TIME ZONE NOT NULL, finished_at TIMESTAMP WITH TIME ZONE, outcome VARCHAR, feeds_due INTEGER, feeds_ok INTEGER, feeds_failed INTEGER, discovered INTEGER, "stored" INTEGER, duplicate INTEGER, refused INTEGER, failed INTEGER, pending INTEGER, articles INTEGER, mentions INTEGER);
INSERT INTO base.runs VALUES
('r1', '2026-11-22 12:00:00+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE base.schema_migrations(number INTEGER NOT NULL, "name" VARCHAR NOT NULL, digest VARCHAR NOT NULL, applied_at TIMESTAMP WITH TIME ZONE NOT NULL);
INSERT INTO base.schema_migrations VALUES
('1', '001_base', '2957393f07af86686150dff4ed8d09075d6d7392eb8b4d029642f9a1e66490f6', '2026-11-22 12:00:00+00'),
('2', '002_hosts', '0dad48359632a7cfdcbe648c2665679643595e9199f2a96770038dc77039b143', '2026-11-22 12:00:00+00'),
('3', '003_retag', '06f189b691968da56b947743a727a0e5f200f6d719e848b1ceaa4b60efe4d5a9', '2026-11-22 12:00:00+00'),
('4', '004_boilerplate', 'a0c159704c322dafa80c1dcf8035844d7aa4c9f8d0aa2310e6b350775d512e84', '2026-11-22 12:00:00+00');
CREATE TABLE base.signatures(article_id BIGINT NOT NULL, "day" DATE NOT NULL, band INTEGER NOT NULL, hash BIGINT NOT NULL);
CREATE TABLE base.tombstones(kind VARCHAR NOT NULL, "value" VARCHAR NOT NULL, reason VARCHAR, forgotten_at TIMESTAMP WITH TIME ZONE NOT NULL);
CREATE TABLE base.vintage_counts(vintage INTEGER NOT NULL, "week" DATE NOT NULL, entity_id VARCHAR NOT NULL, articles INTEGER, stories INTEGER, sources INTEGER, mentions INTEGER);
CREATE TABLE base.vintage_weeks(vintage INTEGER NOT NULL, "week" DATE NOT NULL, state VARCHAR NOT NULL, observed_articles INTEGER);
CREATE TABLE base.vintages(vintage INTEGER NOT NULL, published_at TIMESTAMP WITH TIME ZONE NOT NULL, "version" BIGINT NOT NULL, gazetteer VARCHAR, articles BIGINT NOT NULL, mentions BIGINT NOT NULL);
CREATE TABLE base.windows(feed_id VARCHAR NOT NULL, run_id VARCHAR NOT NULL, polled_at TIMESTAMP WITH TIME ZONE NOT NULL, oldest_entry_at TIMESTAMP WITH TIME ZONE, entries INTEGER NOT NULL, new_entries INTEGER NOT NULL, is_first BOOLEAN NOT NULL);
INSERT INTO base.windows VALUES
('source0', 'r1', '2026-11-22 12:00:00+00', '2026-11-12 09:00:00+00', '10', '1', 'true'),
('source1', 'r1', '2026-11-22 12:00:00+00', '2026-11-13 09:00:00+00', '10', '1', 'true');
