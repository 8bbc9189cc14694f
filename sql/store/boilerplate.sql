-- about: lines that repeat in three stories of a source are boilerplate, in the articles stored before they were known too

-- name: new_lines
-- only lines of what the runs that are not finished stored can have become known
CREATE OR REPLACE TEMP TABLE new_lines AS
WITH fresh AS (
  SELECT DISTINCT l.publisher, l.line_hash
  FROM base.article_lines AS l
  JOIN base.articles AS a USING (article_id)
  SEMI JOIN (SELECT run_id FROM base.runs WHERE finished_at IS NULL) AS r ON r.run_id = a.run_id
)
SELECT l.publisher, l.line_hash, count(DISTINCT coalesce(a.story_id, a.article_id))::INTEGER AS stories
FROM base.article_lines AS l
SEMI JOIN fresh AS f ON f.publisher = l.publisher AND f.line_hash = l.line_hash
ANTI JOIN base.boilerplate_lines AS b ON b.publisher = l.publisher AND b.line_hash = l.line_hash
JOIN base.articles AS a USING (article_id)
GROUP BY l.publisher, l.line_hash HAVING count(DISTINCT coalesce(a.story_id, a.article_id)) >= 3;

-- name: affected
SELECT l.article_id, t.text, list(l.line_hash) AS hashes
FROM base.article_lines AS l
JOIN new_lines AS n ON n.publisher = l.publisher AND n.line_hash = l.line_hash
JOIN base.article_texts AS t ON t.article_id = l.article_id
WHERE l.article_id IN (SELECT m.article_id FROM base.mentions AS m WHERE m.counted AND m.field = 'text')
GROUP BY l.article_id, t.text;

-- name: revised
CREATE OR REPLACE TEMP TABLE revised AS
SELECT m.article_id, m.char_start, s.line_hash, a.week
FROM base.mentions AS m
JOIN incoming_spans AS s
  ON s.article_id = m.article_id AND m.char_start >= s.span_start AND m.char_start < s.span_end
JOIN base.articles AS a ON a.article_id = m.article_id
WHERE m.field = 'text' AND m.counted;

-- name: revise
UPDATE base.mentions AS m SET zone = 'boilerplate', counted = false
FROM (SELECT DISTINCT article_id, char_start FROM revised) AS r
WHERE m.article_id = r.article_id AND m.char_start = r.char_start AND m.field = 'text';

-- name: affected_next
-- what waits for a switch was tagged without these lines: it is tagged again
CREATE OR REPLACE TEMP TABLE affected_next AS
SELECT DISTINCT l.article_id
FROM base.article_lines AS l JOIN new_lines AS n ON n.publisher = l.publisher AND n.line_hash = l.line_hash
WHERE l.article_id IN (SELECT w.article_id FROM base.next_articles AS w);

-- name: forget_next
DELETE FROM base.next_mentions WHERE article_id IN (SELECT article_id FROM affected_next);
DELETE FROM base.next_articles WHERE article_id IN (SELECT article_id FROM affected_next);

-- name: dirty_weeks
INSERT INTO base.dirty_weeks BY NAME
SELECT DISTINCT r.week FROM revised AS r ANTI JOIN base.dirty_weeks AS d ON d.week = r.week WHERE r.week IS NOT NULL;

-- name: record
INSERT INTO base.boilerplate_lines BY NAME
SELECT n.publisher, n.line_hash, n.stories, $now AS found_at, count(r.article_id)::INTEGER AS revised_mentions
FROM new_lines AS n LEFT JOIN revised AS r ON r.line_hash = n.line_hash
GROUP BY n.publisher, n.line_hash, n.stories;

-- name: counts
SELECT (SELECT count(*) FROM new_lines) AS lines, (SELECT count(*) FROM revised) AS mentions;
