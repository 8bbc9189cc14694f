-- about: which of the loaded articles are copies: signature bands find candidates within 60 days, their texts decide

-- name: candidates
CREATE OR REPLACE TEMP TABLE story_candidates AS
SELECT DISTINCT least(n.article_id, s.article_id) AS a, greatest(n.article_id, s.article_id) AS b
FROM incoming_bands AS n
SEMI JOIN accepted AS x ON x.article_id = n.article_id
JOIN base.signatures AS s ON s.hash = n.hash AND s.band = n.band AND s.article_id <> n.article_id
  AND s.day BETWEEN n.day - 60 AND n.day + 60
WHERE s.day BETWEEN $since::DATE - 60 AND $until::DATE + 60;

-- name: shingles
-- runs of 4 words, of 8 characters where words are not spaced, each once an article. Lists are shifted and zipped, because
-- slices taken in a lambda copy the whole list each time; mark stands for both columns, so that one key finds them.
CREATE OR REPLACE TEMP TABLE story_shingles AS
WITH texts AS (
  SELECT article_id, text, regexp_extract_all(lower(text), '[\p{L}\p{N}_]+') AS words
  FROM base.article_texts WHERE article_id IN (SELECT a FROM story_candidates UNION SELECT b FROM story_candidates)
), items AS (
  SELECT article_id, length(text) > 12 * len(words) AS is_unspaced,
    CASE WHEN length(text) > 12 * len(words)
      THEN string_split(regexp_replace(lower(text), '[^\p{L}\p{N}_]', '', 'g'), '') ELSE words END AS w
  FROM texts
), shingled AS (
  SELECT article_id, unnest(list_distinct(CASE
    WHEN is_unspaced
      THEN list_transform(list_zip(w, w[2:], w[3:], w[4:], w[5:], w[6:], w[7:], w[8:], true), lambda run: hash(run))
    ELSE list_transform(list_zip(w, w[2:], w[3:], w[4:], true), lambda run: hash(run)) END)) AS shingle
  FROM items
)
SELECT article_id, shingle, hash(article_id, shingle) AS mark FROM shingled;

-- name: likely
-- texts of too different a length cannot be alike
CREATE OR REPLACE TEMP TABLE story_pairs AS
WITH sizes AS (
  SELECT article_id, count(*) AS n FROM story_shingles GROUP BY article_id
)
SELECT c.a, c.b, x.n + y.n AS n
FROM story_candidates AS c JOIN sizes AS x ON x.article_id = c.a JOIN sizes AS y ON y.article_id = c.b
WHERE least(x.n, y.n) >= 0.45 * greatest(x.n, y.n);

-- name: edges
-- Jaccard similarity of the shingles of at least .45: one word in twenty changed leaves .69, a third of boilerplate added
-- .75, both .55; unrelated articles of one site stay under .2
CREATE OR REPLACE TEMP TABLE story_edges AS
SELECT p.a, p.b
FROM story_pairs AS p
JOIN story_shingles AS x ON x.article_id = p.a
JOIN story_shingles AS y ON y.mark = hash(p.b, x.shingle)
GROUP BY p.a, p.b, p.n
HAVING count(*) >= 0.45 * (p.n - count(*));

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
