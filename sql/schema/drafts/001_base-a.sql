-- about: what 001_base was before sentences were numbered and texts knew their week
-- draft: 2957393f07af86686150dff4ed8d09075d6d7392eb8b4d029642f9a1e66490f6

CREATE TABLE base.numbered_mentions (
  article_id BIGINT NOT NULL, week DATE, entity_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, form VARCHAR NOT NULL,
  surface VARCHAR NOT NULL, field VARCHAR NOT NULL, zone VARCHAR NOT NULL, counted BOOLEAN NOT NULL,
  char_start INTEGER NOT NULL, char_end INTEGER NOT NULL,
  sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL, sentence INTEGER NOT NULL,
  alias VARCHAR NOT NULL, rule VARCHAR
);

INSERT INTO base.numbered_mentions BY NAME
SELECT *, dense_rank() OVER (PARTITION BY article_id ORDER BY field = 'title', sentence_start) - 1 AS sentence
FROM base.mentions ORDER BY rowid;

DROP TABLE base.mentions;
ALTER TABLE base.numbered_mentions RENAME TO mentions;

CREATE TABLE base.dated_texts (article_id BIGINT NOT NULL, week DATE, text VARCHAR NOT NULL);

INSERT INTO base.dated_texts BY NAME
SELECT t.article_id, a.week, t.text FROM base.article_texts AS t JOIN base.articles AS a USING (article_id) ORDER BY t.rowid;

DROP TABLE base.article_texts;
ALTER TABLE base.dated_texts RENAME TO article_texts;
