-- about: tag the archive again: new mentions beside the old ones, a diff, and a switch in one transaction

-- name: todo
-- tagged articles that another version tagged and this one has not, as they lie
SELECT a.article_id, a.title, coalesce(t.text, '') AS text, a.status, a.week, f.publisher, a.author, a.language
FROM base.articles AS a
JOIN base.feeds AS f USING (feed_id)
LEFT JOIN base.article_texts AS t USING (article_id)
WHERE a.tagger_version <> $version
  AND a.article_id NOT IN (SELECT n.article_id FROM base.next_articles AS n WHERE n.version = $version)
  AND a.article_id NOT IN (SELECT n.article_id FROM base.next_unconcerned AS n WHERE n.version = $version);

-- name: count_todo
SELECT count(*)::INTEGER AS articles FROM base.articles AS a
WHERE a.tagger_version <> $version
  AND a.article_id NOT IN (SELECT n.article_id FROM base.next_articles AS n WHERE n.version = $version)
  AND a.article_id NOT IN (SELECT n.article_id FROM base.next_unconcerned AS n WHERE n.version = $version);

-- name: count_next
-- tagged, tagged as they were, and left without
WITH tagged AS (SELECT article_id FROM base.next_articles WHERE version = $version)
SELECT
  (SELECT count(*) FROM tagged),
  count(*) FILTER (article_id IN (SELECT t.article_id FROM tagged AS t)),
  count(*) FILTER (article_id NOT IN (SELECT t.article_id FROM tagged AS t))
FROM base.next_unconcerned WHERE version = $version;

-- name: versions_todo
-- the versions that articles yet to be tagged have, with what each knew of spellings
SELECT DISTINCT a.tagger_version AS version FROM base.articles AS a
WHERE a.tagger_version <> $version AND a.tagger_version IN (SELECT f.version FROM base.tagger_facts AS f)
ORDER BY version;

-- name: todo_texts
SELECT a.article_id, a.title, coalesce(t.text, '') AS text
FROM base.articles AS a
LEFT JOIN base.article_texts AS t USING (article_id)
WHERE a.tagger_version = $past
  AND a.article_id NOT IN (SELECT n.article_id FROM base.next_articles AS n WHERE n.version = $version)
  AND a.article_id NOT IN (SELECT n.article_id FROM base.next_unconcerned AS n WHERE n.version = $version);

-- name: leave_all
INSERT INTO base.next_unconcerned
SELECT $version, a.article_id
FROM base.articles AS a
WHERE a.tagger_version = $past
  AND a.article_id NOT IN (SELECT n.article_id FROM base.next_articles AS n WHERE n.version = $version)
  AND a.article_id NOT IN (SELECT n.article_id FROM base.next_unconcerned AS n WHERE n.version = $version);

-- name: save_unconcerned
INSERT INTO base.next_unconcerned SELECT $version, article_id FROM incoming_articles;

-- name: drop_stale
-- what was tagged by this version since is as it should be
DELETE FROM base.next_articles WHERE version = $version
  AND article_id NOT IN (SELECT article_id FROM base.articles WHERE tagger_version <> $version);

-- name: drop_stale_unconcerned
DELETE FROM base.next_unconcerned WHERE version = $version
  AND article_id NOT IN (SELECT article_id FROM base.articles WHERE tagger_version <> $version);

-- name: drop_stale_mentions
DELETE FROM base.next_mentions WHERE version = $version
  AND article_id NOT IN (SELECT article_id FROM base.next_articles WHERE version = $version);

-- name: known
-- what each article yet to be tagged has, as one number: every column of its mentions, whatever their order
CREATE OR REPLACE TEMP TABLE known_mentions AS
SELECT m.article_id, count(*) AS mentions, bit_xor(hash(m.entity_id, m.kind, m.form, m.surface, m.field, m.zone, m.counted,
  m.char_start, m.char_end, m.sentence_start, m.sentence_end, m.sentence, m.alias, m.rule)) AS digest
FROM base.mentions AS m
SEMI JOIN (
  SELECT a.article_id FROM base.articles AS a
  WHERE a.tagger_version <> $version
    AND a.article_id NOT IN (SELECT n.article_id FROM base.next_articles AS n WHERE n.version = $version)
    AND a.article_id NOT IN (SELECT n.article_id FROM base.next_unconcerned AS n WHERE n.version = $version)
) AS t USING (article_id)
GROUP BY m.article_id;

-- name: same
-- of what was tagged now the articles that come out as they were: nothing of them is written anew
CREATE OR REPLACE TEMP TABLE same_articles AS
SELECT i.article_id
FROM incoming_articles AS i
LEFT JOIN known_mentions AS k USING (article_id)
LEFT JOIN (
  SELECT m.article_id, count(*) AS mentions, bit_xor(hash(m.entity_id, m.kind, m.form, m.surface, m.field, m.zone, m.counted,
    m.char_start::INTEGER, m.char_end::INTEGER, m.sentence_start::INTEGER, m.sentence_end::INTEGER, m.sentence::INTEGER,
    m.alias, m.rule)) AS digest
  FROM incoming_mentions AS m GROUP BY m.article_id
) AS n USING (article_id)
WHERE (k.mentions, k.digest) IS NOT DISTINCT FROM (n.mentions, n.digest);

-- name: save
INSERT INTO base.next_mentions BY NAME
SELECT $version AS version, m.* FROM incoming_mentions AS m ANTI JOIN same_articles USING (article_id);

-- name: save_done
INSERT INTO base.next_articles SELECT $version, article_id FROM incoming_articles;

-- name: save_same
INSERT INTO base.next_unconcerned SELECT $version, article_id FROM same_articles;

-- name: changed
-- what the switch replaces
CREATE OR REPLACE TEMP TABLE changed_articles AS
SELECT article_id FROM base.next_articles WHERE version = $version
EXCEPT
SELECT article_id FROM base.next_unconcerned WHERE version = $version;

-- name: diff
-- counted mentions and articles of the archive by entity, week and alias, before and after; only what differs
WITH old AS (
  SELECT m.entity_id, m.week, m.alias, count(*) AS mentions, count(DISTINCT m.article_id) AS articles
  FROM base.mentions AS m SEMI JOIN changed_articles USING (article_id)
  WHERE m.counted GROUP BY ALL
), new AS (
  SELECT m.entity_id, m.week, m.alias, count(*) AS mentions, count(DISTINCT m.article_id) AS articles
  FROM base.next_mentions AS m WHERE m.version = $version AND m.counted GROUP BY ALL
), changed AS (
  SELECT coalesce(o.entity_id, n.entity_id) AS entity_id, coalesce(o.week, n.week) AS week, coalesce(o.alias, n.alias) AS alias,
    coalesce(n.mentions, 0) - coalesce(o.mentions, 0) AS mentions, coalesce(n.articles, 0) - coalesce(o.articles, 0) AS articles
  FROM old AS o FULL JOIN new AS n
    ON n.entity_id = o.entity_id AND n.week IS NOT DISTINCT FROM o.week AND n.alias = o.alias
  WHERE coalesce(o.mentions, 0) <> coalesce(n.mentions, 0) OR coalesce(o.articles, 0) <> coalesce(n.articles, 0)
), whole AS (
  SELECT m.entity_id, m.week, m.alias, count(*) AS mentions, count(DISTINCT m.article_id) AS articles
  FROM base.mentions AS m WHERE m.counted AND m.entity_id IN (SELECT entity_id FROM changed) GROUP BY ALL
)
SELECT c.entity_id, c.week, c.alias,
  coalesce(w.mentions, 0)::INTEGER AS mentions_before, (coalesce(w.mentions, 0) + c.mentions)::INTEGER AS mentions_after,
  coalesce(w.articles, 0)::INTEGER AS articles_before, (coalesce(w.articles, 0) + c.articles)::INTEGER AS articles_after
FROM changed AS c
LEFT JOIN whole AS w ON w.entity_id = c.entity_id AND w.week IS NOT DISTINCT FROM c.week AND w.alias = c.alias
ORDER BY abs(c.articles) DESC, c.entity_id, c.week, c.alias;

-- name: keep_past
INSERT INTO base.past_mentions BY NAME
SELECT a.tagger_version AS version, m.*
FROM base.mentions AS m
JOIN base.articles AS a USING (article_id)
SEMI JOIN changed_articles USING (article_id);

-- name: drop_current
DELETE FROM base.mentions WHERE article_id IN (SELECT article_id FROM changed_articles);

-- name: unlisted
INSERT INTO base.entities BY NAME
SELECT m.entity_id, any_value(m.kind) AS kind, min(coalesce(m.name, m.surface)) AS name, false AS listed
FROM base.next_mentions AS m ANTI JOIN base.entities AS e USING (entity_id)
WHERE m.version = $version AND NOT m.listed GROUP BY m.entity_id ORDER BY m.entity_id;

-- name: take_next
INSERT INTO base.mentions BY NAME
SELECT * EXCLUDE (version, name, listed) FROM base.next_mentions WHERE version = $version
ORDER BY week, article_id, field, char_start, entity_id;

-- name: stamp
UPDATE base.articles SET tagger_version = $version
WHERE article_id IN (SELECT article_id FROM base.next_articles WHERE version = $version)
  OR article_id IN (SELECT article_id FROM base.next_unconcerned WHERE version = $version);

-- name: record
INSERT INTO base.retags
SELECT $version AS version, $now AS switched_at, count(*) AS articles
FROM (
  SELECT article_id FROM base.next_articles WHERE version = $version
  UNION
  SELECT article_id FROM base.next_unconcerned WHERE version = $version
);

-- name: clear_next
DELETE FROM base.next_mentions;
DELETE FROM base.next_articles;
DELETE FROM base.next_unconcerned;

-- name: forget_others
-- a half-done version that nobody wants any more
DELETE FROM base.next_mentions WHERE version <> $version;

-- name: forget_others_done
DELETE FROM base.next_articles WHERE version <> $version;

-- name: forget_others_unconcerned
DELETE FROM base.next_unconcerned WHERE version <> $version;

-- name: forget_unconcerned
-- but what was tagged and came out the same
DELETE FROM base.next_unconcerned WHERE article_id NOT IN (SELECT article_id FROM base.next_articles);

-- name: dirty_weeks
INSERT INTO base.dirty_weeks BY NAME
SELECT DISTINCT a.week FROM base.articles AS a
SEMI JOIN changed_articles USING (article_id)
ANTI JOIN base.dirty_weeks AS d ON d.week = a.week
WHERE a.week IS NOT NULL;

-- name: prune
DELETE FROM base.past_mentions;

-- name: past
SELECT version, count(*)::BIGINT AS mentions, count(DISTINCT article_id)::BIGINT AS articles
FROM base.past_mentions GROUP BY version ORDER BY version;
