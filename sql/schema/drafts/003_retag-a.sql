-- about: what 003_retag was, once as number 2, before sentences were numbered; what was tagged beside is tagged again
-- draft: 06f189b691968da56b947743a727a0e5f200f6d719e848b1ceaa4b60efe4d5a9

DROP TABLE base.next_articles;
DROP TABLE base.next_mentions;

CREATE TABLE base.next_articles (version VARCHAR NOT NULL, article_id BIGINT NOT NULL);

CREATE TABLE base.next_mentions (
  version VARCHAR NOT NULL, article_id BIGINT NOT NULL, week DATE, entity_id VARCHAR NOT NULL, kind VARCHAR NOT NULL,
  form VARCHAR NOT NULL, surface VARCHAR NOT NULL, field VARCHAR NOT NULL, zone VARCHAR NOT NULL, counted BOOLEAN NOT NULL,
  char_start INTEGER NOT NULL, char_end INTEGER NOT NULL, sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL,
  sentence INTEGER NOT NULL,
  alias VARCHAR NOT NULL, rule VARCHAR, name VARCHAR, listed BOOLEAN NOT NULL
);

CREATE TABLE base.numbered_mentions (
  version VARCHAR, article_id BIGINT NOT NULL, week DATE, entity_id VARCHAR NOT NULL, kind VARCHAR NOT NULL,
  form VARCHAR NOT NULL, surface VARCHAR NOT NULL, field VARCHAR NOT NULL, zone VARCHAR NOT NULL, counted BOOLEAN NOT NULL,
  char_start INTEGER NOT NULL, char_end INTEGER NOT NULL, sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL,
  sentence INTEGER NOT NULL,
  alias VARCHAR NOT NULL, rule VARCHAR
);

INSERT INTO base.numbered_mentions BY NAME
SELECT *, dense_rank() OVER (PARTITION BY version, article_id ORDER BY field = 'title', sentence_start) - 1 AS sentence
FROM base.past_mentions ORDER BY rowid;

DROP TABLE base.past_mentions;
ALTER TABLE base.numbered_mentions RENAME TO past_mentions;
