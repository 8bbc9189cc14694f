-- about: mentions of another gazetteer beside those in use: `next` until the switch, `past` after it until pruned

CREATE TABLE base.next_articles (version VARCHAR NOT NULL, article_id BIGINT NOT NULL);

CREATE TABLE base.next_mentions (
  version VARCHAR NOT NULL, article_id BIGINT NOT NULL, week DATE, entity_id VARCHAR NOT NULL, kind VARCHAR NOT NULL,
  form VARCHAR NOT NULL, surface VARCHAR NOT NULL, field VARCHAR NOT NULL, zone VARCHAR NOT NULL, counted BOOLEAN NOT NULL,
  char_start INTEGER NOT NULL, char_end INTEGER NOT NULL, sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL,
  sentence INTEGER NOT NULL,
  alias VARCHAR NOT NULL, rule VARCHAR, name VARCHAR, listed BOOLEAN NOT NULL
);

CREATE TABLE base.past_mentions (
  version VARCHAR, article_id BIGINT NOT NULL, week DATE, entity_id VARCHAR NOT NULL, kind VARCHAR NOT NULL,
  form VARCHAR NOT NULL, surface VARCHAR NOT NULL, field VARCHAR NOT NULL, zone VARCHAR NOT NULL, counted BOOLEAN NOT NULL,
  char_start INTEGER NOT NULL, char_end INTEGER NOT NULL, sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL,
  sentence INTEGER NOT NULL,
  alias VARCHAR NOT NULL, rule VARCHAR
);

CREATE TABLE base.retags (version VARCHAR NOT NULL, switched_at TIMESTAMPTZ NOT NULL, articles BIGINT NOT NULL);
