-- about: which of the loaded articles are copies: signature bands find candidates within 60 days, their texts decide

-- name: edges
-- Jaccard similarity of 4-word shingles (8 characters where words are not spaced) of at least .45: one word in twenty
-- changed leaves .69, a third of boilerplate added .75, both .55; unrelated articles of one site stay under .2
CREATE OR REPLACE TEMP TABLE story_edges AS
WITH candidates AS (
  SELECT DISTINCT least(n.article_id, s.article_id) AS a, greatest(n.article_id, s.article_id) AS b
  FROM incoming_bands AS n
  SEMI JOIN accepted AS x ON x.article_id = n.article_id
  JOIN base.signatures AS s ON s.hash = n.hash AND s.band = n.band AND s.article_id <> n.article_id
    AND s.day BETWEEN n.day - 60 AND n.day + 60
  WHERE s.day BETWEEN $since::DATE - 60 AND $until::DATE + 60
), words AS (
  SELECT t.article_id, CASE WHEN length(t.text) > 12 * len(spaced) THEN letters ELSE spaced END AS items,
    CASE WHEN length(t.text) > 12 * len(spaced) THEN 7 ELSE 3 END AS more
  FROM (
    SELECT article_id, text, regexp_extract_all(lower(text), '[\p{L}\p{N}_]+') AS spaced,
      CASE WHEN length(text) > 12 * len(regexp_extract_all(text, '[\p{L}\p{N}_]+'))
        THEN string_split(regexp_replace(lower(text), '[^\p{L}\p{N}_]', '', 'g'), '') END AS letters
    FROM base.article_texts WHERE article_id IN (SELECT a FROM candidates UNION SELECT b FROM candidates)
  ) AS t
), shingled AS (
  SELECT article_id, list_distinct(list_transform(range(1, len(items) - more + 1), lambda i: hash(items[i:i + more]))) AS found
  FROM words
)
SELECT c.a, c.b
FROM candidates AS c JOIN shingled AS x ON x.article_id = c.a JOIN shingled AS y ON y.article_id = c.b
WHERE len(list_intersect(x.found, y.found))
  >= 0.45 * (len(x.found) + len(y.found) - len(list_intersect(x.found, y.found)))
  AND len(x.found) > 0 AND len(y.found) > 0;

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
