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
CREATE TABLE base.article_texts(article_id BIGINT NOT NULL, "week" DATE, "text" VARCHAR NOT NULL);
INSERT INTO base.article_texts VALUES
('1920667858629273255', '2026-11-09', 'Harvest the while for digital Russia trade low waited for the next. While on Cambodia the said energy border on said quiet for energy. Cambodia despite and waited trade rules Soviet Union while ran digital rivers the. Rivers weighing would the resume despite quiet quiet rivers trade rules and. Harvest new services and Cambodian month on weighing the despite ran next. Energy the villages would while a despite and month while would low. Ran ministers low resume rules services on low rivers month news rules. Next the on officials officials resume.'),
('9165944668157732297', '2026-11-09', 'While rivers on ran China of energy next trade energy the said. Officials on energy for border energy Cambodia would would energy news month. New trade rivers of digital new year rivers trade shipping for weighing. Services resume rules resume Cambodia resume low and ministers while shipping the. Energy year energy shipping weighing and next rivers resume weighing ministers said. Weighing border would rules ran would would said officials Thailand digital the. Of a next harvest energy would harvest year year a a energy. Shipping next harvest on despite trade.'),
('4352832554379450650', '2026-11-16', 'Next the said while waited officials for rules ministers next energy said. Said said rivers officials China trade waited said and ministers for the. Ran ministers Thailand ministers ministers news on said villages ran next year. On month and harvest waited harvest for shipping on the harvest border. The of weighing border villages year services ran services resume for harvest. Next quiet and border services Soviet Union Cambodian of the shipping border Thailand. Quiet harvest ministers officials for rivers ran ministers border harvest digital low. Digital news rules ran officials while.'),
('13163384277396060', '2026-11-16', 'Ran for harvest villages the digital villages digital officials rivers rivers and. News said ministers year ran year resume ran Thailand the would resume. Said for officials rules weighing rules month year digital on would quiet. Quiet new and quiet rules on news energy the of month said. Shipping while and villages for new next new harvest trade waited said. Ministers said border a the quiet for harvest waited rivers ministers and. For ministers and said border low energy waited talks shipping despite trade. Talks shipping would would shipping shipping.');
CREATE TABLE base.articles(article_id BIGINT NOT NULL, feed_id VARCHAR NOT NULL, url VARCHAR NOT NULL, canonical_url VARCHAR NOT NULL, title VARCHAR NOT NULL, author VARCHAR, published_at TIMESTAMP WITH TIME ZONE, published_from VARCHAR NOT NULL, fetched_at TIMESTAMP WITH TIME ZONE NOT NULL, first_seen_at TIMESTAMP WITH TIME ZONE NOT NULL, "week" DATE, "language" VARCHAR, word_count INTEGER NOT NULL, status VARCHAR NOT NULL, reason VARCHAR, story_id BIGINT, tagger_version VARCHAR, extractor_version VARCHAR, is_backfilled BOOLEAN NOT NULL, run_id VARCHAR NOT NULL);
INSERT INTO base.articles VALUES
('1920667858629273255', 'source0', 'https://source0.example/1-0', 'https://source0.example/1-0', 'On ASEAN and quiet 1 0', NULL, '2026-11-12 09:00:00+00', 'feed', '2026-11-12 10:00:00+00', '2026-11-12 10:00:00+00', '2026-11-09', 'en', '91', 'full', NULL, '1920667858629273255', 't1', 'e1', 'false', 'r1'),
('9165944668157732297', 'source1', 'https://source1.example/1-0', 'https://source1.example/1-0', 'On Cambodian and waited 1 0', NULL, '2026-11-13 09:00:00+00', 'feed', '2026-11-13 10:00:00+00', '2026-11-13 10:00:00+00', '2026-11-09', 'en', '90', 'full', NULL, '9165944668157732297', 't1', 'e1', 'false', 'r1'),
('4352832554379450650', 'source0', 'https://source0.example/0-0', 'https://source0.example/0-0', 'On Russia and trade 0 0', NULL, '2026-11-17 09:00:00+00', 'feed', '2026-11-17 10:00:00+00', '2026-11-17 10:00:00+00', '2026-11-16', 'en', '91', 'full', NULL, '4352832554379450650', 't1', 'e1', 'false', 'r1'),
('13163384277396060', 'source1', 'https://source1.example/0-0', 'https://source1.example/0-0', 'On Soviet Union and low 0 0', NULL, '2026-11-19 09:00:00+00', 'feed', '2026-11-19 10:00:00+00', '2026-11-19 10:00:00+00', '2026-11-16', 'en', '90', 'full', NULL, '13163384277396060', 't1', 'e1', 'false', 'r1');
CREATE TABLE base.boilerplate_lines(publisher VARCHAR NOT NULL, line_hash BIGINT NOT NULL, stories INTEGER NOT NULL, found_at TIMESTAMP WITH TIME ZONE NOT NULL, revised_mentions INTEGER NOT NULL);
CREATE TABLE base.data_version("version" BIGINT NOT NULL);
INSERT INTO base.data_version VALUES
('4');
CREATE TABLE base.dirty_weeks("week" DATE NOT NULL);
CREATE TABLE base.entities(entity_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, "name" VARCHAR NOT NULL, iso2 VARCHAR, iso3 VARCHAR, region VARCHAR, acronym VARCHAR, listed BOOLEAN NOT NULL, successor_id VARCHAR, valid_from DATE, valid_to DATE, subkind VARCHAR, home VARCHAR);
INSERT INTO base.entities VALUES
('KHM', 'country', 'Cambodia', 'KH', 'KHM', 'South-east Asia', NULL, 'true', NULL, NULL, NULL, NULL, NULL),
('THA', 'country', 'Thailand', 'TH', 'THA', 'South-east Asia', NULL, 'true', NULL, NULL, NULL, NULL, NULL),
('VNM', 'country', 'Viet Nam', 'VN', 'VNM', 'South-east Asia', NULL, 'true', NULL, NULL, NULL, NULL, NULL),
('CHN', 'country', 'China', 'CN', 'CHN', 'East Asia', NULL, 'true', NULL, NULL, NULL, NULL, NULL),
('SUHH', 'historical', 'Soviet Union', NULL, NULL, NULL, NULL, 'true', 'RUS', NULL, NULL, NULL, NULL),
('RUS', 'country', 'Russia', 'RU', 'RUS', 'Europe', NULL, 'true', NULL, NULL, NULL, NULL, NULL),
('asean', 'organisation', 'Association of Southeast Asian Nations', NULL, NULL, NULL, 'ASEAN', 'true', NULL, NULL, NULL, NULL, NULL),
('un', 'organisation', 'United Nations', NULL, NULL, NULL, 'UN', 'true', NULL, NULL, NULL, NULL, NULL),
('mekong', 'region', 'Mekong region', NULL, NULL, NULL, NULL, 'true', NULL, NULL, NULL, NULL, NULL);
CREATE TABLE base.entries(feed_id VARCHAR NOT NULL, entry_id VARCHAR NOT NULL, run_id VARCHAR NOT NULL, url VARCHAR, canonical_url VARCHAR, title VARCHAR NOT NULL, published_raw VARCHAR, published_at TIMESTAMP WITH TIME ZONE, date_only BOOLEAN NOT NULL, first_seen_at TIMESTAMP WITH TIME ZONE NOT NULL, is_first_poll BOOLEAN NOT NULL, is_backfilled BOOLEAN NOT NULL, outcome VARCHAR NOT NULL, reason VARCHAR, link_id BIGINT, article_id BIGINT, attempts INTEGER NOT NULL, next_attempt_at TIMESTAMP WITH TIME ZONE);
INSERT INTO base.entries VALUES
('source0', '3c685e255a8b191a', 'r1', 'https://source0.example/0-0', 'https://source0.example/0-0', 'On Russia and trade 0 0', 'raw', '2026-11-17 09:00:00+00', 'false', '2026-11-22 12:00:00+00', 'true', 'false', 'stored', NULL, '4352832554379450650', '4352832554379450650', '1', NULL),
('source0', '1aa7953dc51ba6a7', 'r1', 'https://source0.example/1-0', 'https://source0.example/1-0', 'On ASEAN and quiet 1 0', 'raw', '2026-11-12 09:00:00+00', 'false', '2026-11-22 12:00:00+00', 'true', 'false', 'stored', NULL, '1920667858629273255', '1920667858629273255', '1', NULL),
('source1', '2ec4073be56a5c', 'r1', 'https://source1.example/0-0', 'https://source1.example/0-0', 'On Soviet Union and low 0 0', 'raw', '2026-11-19 09:00:00+00', 'false', '2026-11-22 12:00:00+00', 'true', 'false', 'stored', NULL, '13163384277396060', '13163384277396060', '1', NULL),
('source1', '7f33fa1cc86d65c9', 'r1', 'https://source1.example/1-0', 'https://source1.example/1-0', 'On Cambodian and waited 1 0', 'raw', '2026-11-13 09:00:00+00', 'false', '2026-11-22 12:00:00+00', 'true', 'false', 'stored', NULL, '9165944668157732297', '9165944668157732297', '1', NULL);
CREATE TABLE base.entry_payloads(feed_id VARCHAR NOT NULL, entry_id VARCHAR NOT NULL, author VARCHAR, summary VARCHAR, "content" VARCHAR);
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
CREATE TABLE base.mentions(article_id BIGINT NOT NULL, "week" DATE, entity_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, form VARCHAR NOT NULL, surface VARCHAR NOT NULL, field VARCHAR NOT NULL, "zone" VARCHAR NOT NULL, counted BOOLEAN NOT NULL, char_start INTEGER NOT NULL, char_end INTEGER NOT NULL, sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL, sentence INTEGER NOT NULL, alias VARCHAR NOT NULL, "rule" VARCHAR);
INSERT INTO base.mentions VALUES
('13163384277396060', '2026-11-16', 'THA', 'country', 'name', 'Thailand', 'text', 'body', 'true', '128', '136', '83', '154', '0', 'Thailand', NULL),
('13163384277396060', '2026-11-16', 'SUHH', 'historical', 'historical', 'Soviet Union', 'title', 'title', 'true', '3', '15', '0', '27', '1', 'Soviet Union', NULL),
('4352832554379450650', '2026-11-16', 'CHN', 'country', 'name', 'China', 'text', 'body', 'true', '102', '107', '75', '148', '0', 'China', NULL),
('4352832554379450650', '2026-11-16', 'THA', 'country', 'name', 'Thailand', 'text', 'body', 'true', '163', '171', '149', '228', '1', 'Thailand', NULL),
('4352832554379450650', '2026-11-16', 'SUHH', 'historical', 'historical', 'Soviet Union', 'text', 'body', 'true', '411', '423', '380', '466', '2', 'Soviet Union', NULL),
('4352832554379450650', '2026-11-16', 'KHM', 'country', 'demonym', 'Cambodian', 'text', 'body', 'true', '424', '433', '380', '466', '2', 'Cambodian', NULL),
('4352832554379450650', '2026-11-16', 'THA', 'country', 'name', 'Thailand', 'text', 'body', 'true', '457', '465', '380', '466', '2', 'Thailand', NULL),
('4352832554379450650', '2026-11-16', 'RUS', 'country', 'name', 'Russia', 'title', 'title', 'true', '3', '9', '0', '23', '3', 'Russia', NULL),
('9165944668157732297', '2026-11-09', 'CHN', 'country', 'name', 'China', 'text', 'lead', 'true', '20', '25', '0', '63', '0', 'China', NULL),
('9165944668157732297', '2026-11-09', 'KHM', 'country', 'name', 'Cambodia', 'text', 'body', 'true', '102', '110', '64', '141', '1', 'Cambodia', NULL),
('9165944668157732297', '2026-11-09', 'KHM', 'country', 'name', 'Cambodia', 'text', 'body', 'true', '244', '252', '215', '297', '2', 'Cambodia', NULL),
('9165944668157732297', '2026-11-09', 'THA', 'country', 'name', 'Thailand', 'text', 'body', 'true', '442', '450', '383', '463', '3', 'Thailand', NULL),
('9165944668157732297', '2026-11-09', 'KHM', 'country', 'demonym', 'Cambodian', 'title', 'title', 'true', '3', '12', '0', '27', '4', 'Cambodian', NULL),
('1920667858629273255', '2026-11-09', 'RUS', 'country', 'name', 'Russia', 'text', 'lead', 'true', '30', '36', '0', '67', '0', 'Russia', NULL),
('1920667858629273255', '2026-11-09', 'KHM', 'country', 'name', 'Cambodia', 'text', 'lead', 'true', '77', '85', '68', '134', '1', 'Cambodia', NULL),
('1920667858629273255', '2026-11-09', 'KHM', 'country', 'name', 'Cambodia', 'text', 'body', 'true', '135', '143', '135', '217', '2', 'Cambodia', NULL),
('1920667858629273255', '2026-11-09', 'SUHH', 'historical', 'historical', 'Soviet Union', 'text', 'body', 'true', '175', '187', '135', '217', '2', 'Soviet Union', NULL),
('1920667858629273255', '2026-11-09', 'KHM', 'country', 'demonym', 'Cambodian', 'text', 'body', 'true', '320', '329', '295', '369', '3', 'Cambodian', NULL),
('1920667858629273255', '2026-11-09', 'asean', 'organisation', 'abbreviation', 'ASEAN', 'title', 'title', 'true', '3', '8', '0', '22', '4', 'ASEAN', NULL);
CREATE TABLE base.next_articles("version" VARCHAR NOT NULL, article_id BIGINT NOT NULL);
CREATE TABLE base.next_mentions("version" VARCHAR NOT NULL, article_id BIGINT NOT NULL, "week" DATE, entity_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, form VARCHAR NOT NULL, surface VARCHAR NOT NULL, field VARCHAR NOT NULL, "zone" VARCHAR NOT NULL, counted BOOLEAN NOT NULL, char_start INTEGER NOT NULL, char_end INTEGER NOT NULL, sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL, sentence INTEGER NOT NULL, alias VARCHAR NOT NULL, "rule" VARCHAR, "name" VARCHAR, listed BOOLEAN NOT NULL);
CREATE TABLE base.next_unconcerned("version" VARCHAR NOT NULL, article_id BIGINT NOT NULL);
CREATE TABLE base.past_mentions("version" VARCHAR, article_id BIGINT NOT NULL, "week" DATE, entity_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, form VARCHAR NOT NULL, surface VARCHAR NOT NULL, field VARCHAR NOT NULL, "zone" VARCHAR NOT NULL, counted BOOLEAN NOT NULL, char_start INTEGER NOT NULL, char_end INTEGER NOT NULL, sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL, sentence INTEGER NOT NULL, alias VARCHAR NOT NULL, "rule" VARCHAR);
CREATE TABLE base.retags("version" VARCHAR NOT NULL, switched_at TIMESTAMP WITH TIME ZONE NOT NULL, articles BIGINT NOT NULL);
CREATE TABLE base.robots(origin VARCHAR NOT NULL, fetched_at TIMESTAMP WITH TIME ZONE NOT NULL, verdict VARCHAR NOT NULL, "text" VARCHAR NOT NULL, note VARCHAR);
CREATE TABLE base.runs(run_id VARCHAR NOT NULL, started_at TIMESTAMP WITH TIME ZONE NOT NULL, finished_at TIMESTAMP WITH TIME ZONE, outcome VARCHAR, feeds_due INTEGER, feeds_ok INTEGER, feeds_failed INTEGER, discovered INTEGER, "stored" INTEGER, duplicate INTEGER, refused INTEGER, failed INTEGER, pending INTEGER, articles INTEGER, mentions INTEGER);
INSERT INTO base.runs VALUES
('r1', '2026-11-22 12:00:00+00', '2026-11-22 12:00:00+00', 'completed', '0', '0', '0', '4', '4', '0', '0', '0', '0', '0', '0');
CREATE TABLE base.schema_migrations(number INTEGER NOT NULL, "name" VARCHAR NOT NULL, digest VARCHAR NOT NULL, applied_at TIMESTAMP WITH TIME ZONE NOT NULL);
INSERT INTO base.schema_migrations VALUES
('1', '001_base', '216aa90f9485cffbfc94dea8fb0e36bbb4af486b3d074315fd505038e1066c2a', '2026-11-22 12:00:00+00'),
('2', '002_hosts', '0dad48359632a7cfdcbe648c2665679643595e9199f2a96770038dc77039b143', '2026-11-22 12:00:00+00'),
('3', '003_retag', '52b47ff182e543393b5569a4f2176c93faf8e6054e238c157339748e53e870c6', '2026-11-22 12:00:00+00'),
('4', '004_boilerplate', 'a0c159704c322dafa80c1dcf8035844d7aa4c9f8d0aa2310e6b350775d512e84', '2026-11-22 12:00:00+00'),
('30', '030_why', '12f7a1a9c9913b785b607033af001be8b2920a9380677a00f2a4820163634285', '2026-11-22 12:00:00+00'),
('31', '031_facts', '271ed7ac7141f317e6d4e403e7aac5d6307811157c0953c74d114a82cf1b56ba', '2026-11-22 12:00:00+00'),
('32', '032_vintage_weeks', 'e1e39344b069eac702c4365745775c4df47a80c11ac8c3132026b44404c269f3', '2026-11-22 12:00:00+00');
CREATE TABLE base.signatures(article_id BIGINT NOT NULL, "day" DATE NOT NULL, band INTEGER NOT NULL, hash BIGINT NOT NULL);
CREATE TABLE base.tagger_facts("version" VARCHAR NOT NULL, spelling VARCHAR NOT NULL, fact BIGINT NOT NULL);
CREATE TABLE base.tombstones(kind VARCHAR NOT NULL, "value" VARCHAR NOT NULL, reason VARCHAR, forgotten_at TIMESTAMP WITH TIME ZONE NOT NULL);
CREATE TABLE base.vintage_changes(vintage INTEGER NOT NULL, "week" DATE NOT NULL, entity_id VARCHAR NOT NULL, reason VARCHAR NOT NULL, articles INTEGER, stories INTEGER, sources INTEGER, mentions INTEGER, title_articles INTEGER);
INSERT INTO base.vintage_changes VALUES
('1', '2026-11-09', '*', 'new', '2', '0', '0', '0', '0'),
('1', '2026-11-09', 'CHN', 'new', '1', '1', '1', '1', '0'),
('1', '2026-11-09', 'KHM', 'new', '2', '2', '2', '6', '1'),
('1', '2026-11-09', 'RUS', 'new', '1', '1', '1', '1', '0'),
('1', '2026-11-09', 'SUHH', 'new', '1', '1', '1', '1', '0'),
('1', '2026-11-09', 'THA', 'new', '1', '1', '1', '1', '0'),
('1', '2026-11-09', 'asean', 'new', '1', '1', '1', '1', '1'),
('1', '2026-11-16', '*', 'new', '2', '0', '0', '0', '0'),
('1', '2026-11-16', 'CHN', 'new', '1', '1', '1', '1', '0'),
('1', '2026-11-16', 'KHM', 'new', '1', '1', '1', '1', '0'),
('1', '2026-11-16', 'RUS', 'new', '1', '1', '1', '1', '1'),
('1', '2026-11-16', 'SUHH', 'new', '2', '2', '2', '2', '1'),
('1', '2026-11-16', 'THA', 'new', '2', '2', '2', '3', '0');
CREATE TABLE base.vintage_dispersions(vintage INTEGER NOT NULL, "week" DATE NOT NULL, entity_id VARCHAR NOT NULL, dispersion DOUBLE NOT NULL);
CREATE TABLE base.vintage_feeds(vintage INTEGER NOT NULL, feed_id VARCHAR NOT NULL, change VARCHAR NOT NULL, was VARCHAR, became VARCHAR);
CREATE TABLE base.vintage_weeks(vintage INTEGER NOT NULL, "week" DATE NOT NULL, state VARCHAR NOT NULL, observed_articles INTEGER, sources INTEGER, sources_observed INTEGER, sources_partial INTEGER, sources_unobserved INTEGER, missing_articles INTEGER);
INSERT INTO base.vintage_weeks VALUES
('1', '2026-11-09', 'partial', '2', '2', '0', '2', '0', '0'),
('1', '2026-11-16', 'observed', '2', '2', '2', '0', '0', '0');
CREATE TABLE base.vintages(vintage INTEGER NOT NULL, published_at TIMESTAMP WITH TIME ZONE NOT NULL, "version" BIGINT NOT NULL, gazetteer VARCHAR, articles BIGINT NOT NULL, mentions BIGINT NOT NULL);
INSERT INTO base.vintages VALUES
('1', '2026-11-22 12:00:00+00', '4', 'g1', '4', '19');
CREATE TABLE base.week_zone("zone" VARCHAR NOT NULL);
CREATE TABLE base.windows(feed_id VARCHAR NOT NULL, run_id VARCHAR NOT NULL, polled_at TIMESTAMP WITH TIME ZONE NOT NULL, oldest_entry_at TIMESTAMP WITH TIME ZONE, entries INTEGER NOT NULL, new_entries INTEGER NOT NULL, is_first BOOLEAN NOT NULL);
INSERT INTO base.windows VALUES
('source0', 'r1', '2026-11-22 12:00:00+00', '2026-11-12 09:00:00+00', '10', '1', 'true'),
('source1', 'r1', '2026-11-22 12:00:00+00', '2026-11-13 09:00:00+00', '10', '1', 'true');
