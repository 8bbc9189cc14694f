-- about: which of the loaded articles are copies: signature bands find candidates within 60 days, their texts decide

-- name: candidates
CREATE OR REPLACE TEMP TABLE story_candidates AS
SELECT DISTINCT least(n.article_id, s.article_id) AS a, greatest(n.article_id, s.article_id) AS b
FROM incoming_bands AS n
SEMI JOIN accepted AS x ON x.article_id = n.article_id
JOIN base.signatures AS s ON s.hash = n.hash AND s.band = n.band AND s.article_id <> n.article_id
  AND s.day BETWEEN n.day - 60 AND n.day + 60
WHERE s.day BETWEEN $since::DATE - 60 AND $until::DATE + 60;

-- name: forget_shingles
-- shingles are kept from batch to batch of a run, but not those of a text that was replaced, and not without end
CREATE TEMP TABLE IF NOT EXISTS story_shingles (article_id BIGINT, shingles UBIGINT[]);
DELETE FROM story_shingles
WHERE article_id IN (SELECT article_id FROM accepted) OR (SELECT sum(len(shingles)) > 2000000 FROM story_shingles);

-- name: shingles
-- hashes of runs of 4 words, of 8 characters where words are not spaced, each once an article. The lists are shifted and
-- zipped, because slices taken in a lambda copy the whole list each time.
INSERT INTO story_shingles
WITH texts AS (
  SELECT article_id, text, regexp_extract_all(lower(text), '[\p{L}\p{N}_]+') AS words
  FROM base.article_texts
  WHERE article_id IN (SELECT a FROM story_candidates UNION SELECT b FROM story_candidates)
    AND (week BETWEEN $since::DATE - 70 AND $until::DATE + 70 OR week IS NULL)
    AND article_id NOT IN (SELECT article_id FROM story_shingles)
), items AS (
  SELECT article_id, length(text) > 12 * len(words) AS is_unspaced,
    CASE WHEN length(text) > 12 * len(words)
      THEN string_split(regexp_replace(lower(text), '[^\p{L}\p{N}_]', '', 'g'), '') ELSE words END AS w
  FROM texts
)
SELECT article_id, list_distinct(CASE
  WHEN is_unspaced
    THEN list_transform(list_zip(w, w[2:], w[3:], w[4:], w[5:], w[6:], w[7:], w[8:], true), lambda run: hash(run))
  ELSE list_transform(list_zip(w, w[2:], w[3:], w[4:], true), lambda run: hash(run)) END)
FROM items;

-- name: edges
-- Jaccard similarity of the shingles of at least .45: one word in twenty changed leaves .69, a third of boilerplate added
-- .75, both .55; unrelated articles of one site stay under .2, and texts of too different a length cannot be alike. One
-- number stands for article and shingle, so that a pair's shingles are looked up by one key.
CREATE OR REPLACE TEMP TABLE story_edges AS
WITH pairs AS (
  SELECT c.a, c.b, len(x.shingles) + len(y.shingles) AS n
  FROM story_candidates AS c
  JOIN story_shingles AS x ON x.article_id = c.a
  JOIN story_shingles AS y ON y.article_id = c.b
  WHERE least(len(x.shingles), len(y.shingles)) >= 0.45 * greatest(len(x.shingles), len(y.shingles))
), sought AS (
  SELECT p.a, p.b, p.n, unnest(x.shingles) AS shingle FROM pairs AS p JOIN story_shingles AS x ON x.article_id = p.a
), marks AS (
  SELECT hash(article_id, unnest(shingles)) AS mark FROM story_shingles WHERE article_id IN (SELECT b FROM pairs)
)
SELECT s.a, s.b
FROM sought AS s JOIN marks AS m ON m.mark = hash(s.b, s.shingle)
GROUP BY s.a, s.b, s.n
HAVING count(*) >= 0.45 * (s.n - count(*));

-- name: members
-- every article of a story that an edge touches
SELECT a.article_id, a.story_id, coalesce(a.published_at, a.first_seen_at) AS seen_at
FROM base.articles AS a
WHERE a.story_id IN (
  SELECT story_id FROM base.articles WHERE article_id IN (SELECT a FROM story_edges UNION SELECT b FROM story_edges)
);

-- name: edge_list
SELECT a, b FROM story_edges ORDER BY a, b;

-- name: move
UPDATE base.articles AS a SET story_id = i.story_id FROM incoming_moves AS i WHERE a.article_id = i.article_id;

-- name: dirty_weeks
-- moved articles, and those that now stand beside or lose a first article, count otherwise than before
INSERT INTO base.dirty_weeks BY NAME
SELECT DISTINCT a.week FROM base.articles AS a
SEMI JOIN incoming_moves AS i ON i.story_id = a.story_id
ANTI JOIN base.dirty_weeks AS d ON d.week = a.week
WHERE a.week IS NOT NULL;
