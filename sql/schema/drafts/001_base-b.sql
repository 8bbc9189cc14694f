-- about: what 001_base was before texts knew their week
-- draft: 5961fb7e534e85d1403750a018d91a0fe747fbf0144a79523edd1e5bbc53ed2d

CREATE TABLE base.dated_texts (article_id BIGINT NOT NULL, week DATE, text VARCHAR NOT NULL);

INSERT INTO base.dated_texts BY NAME
SELECT t.article_id, a.week, t.text FROM base.article_texts AS t JOIN base.articles AS a USING (article_id) ORDER BY t.rowid;

DROP TABLE base.article_texts;
ALTER TABLE base.dated_texts RENAME TO article_texts;
