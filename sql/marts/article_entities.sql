-- about: which observed article names which listed country, historical state or organisation, and how prominently
-- kind: weeks
-- step: 26
-- grain: article_id, entity_id
-- forms is a set of bits: 1 name, 2 demonym, 4 abbreviation, 8 historical, 16 metonym, 32 other; zones: 1
-- title, 2 lead. Both are found by list_position, which is worked out once for each different word of a block.
-- sentences is the set of the article's naming sentences it stands in, by their number (the first 64: what stands beyond them is not compared).
-- story_id is NULL for the first article of its story; is_later_copy marks articles of a story that was observed in an
-- earlier week. A first article is one too where a date without a time, which is in no zone, put it into the week after a
-- copy: so the copies of the week before the built ones are asked as well.
WITH observed AS (
  SELECT o.week, o.article_id, o.feed_id, o.story_id FROM mart.observed AS o WHERE o.week IN (SELECT week FROM build_weeks)
), copies AS (
  SELECT a.story_id, a.week FROM mart.observed AS a
  WHERE a.story_id IN (SELECT o.story_id FROM observed AS o WHERE o.story_id <> o.article_id)
  UNION ALL
  SELECT a.story_id, a.week FROM mart.observed AS a
  WHERE a.week IN (SELECT week - 7 FROM build_weeks) AND a.story_id <> a.article_id
), begun AS (
  SELECT c.story_id, min(c.week) AS week FROM copies AS c GROUP BY c.story_id
), dated AS (
  SELECT o.week, o.article_id, o.feed_id, nullif(o.story_id, o.article_id) AS story_id,
    coalesce(b.week < o.week, false) AS is_later_copy
  FROM observed AS o LEFT JOIN begun AS b ON b.story_id = o.story_id
), named AS (
  SELECT m.article_id, m.entity_id, count(*)::INTEGER AS mentions,
    bit_or(1::UTINYINT << (coalesce(
      list_position(['name', 'demonym', 'abbreviation', 'historical', 'metonym'], m.form), 6) - 1)::UTINYINT) AS forms,
    bit_or(coalesce(list_position(['title', 'lead'], m.zone), 0)::UTINYINT) AS zones,
    bit_or(CASE WHEN m.sentence < 64 THEN 1::UBIGINT << m.sentence::UBIGINT ELSE 0::UBIGINT END) AS sentences
  FROM base.mentions AS m
  WHERE m.counted AND m.week IN (SELECT week FROM build_weeks)
    AND list_contains(['country', 'historical', 'organisation'], m.kind)
  GROUP BY m.article_id, m.entity_id
)
SELECT o.week, n.entity_id, n.article_id, o.feed_id, o.story_id, o.is_later_copy, n.mentions,
  n.zones & 1 = 1 AS in_title, n.zones & 2 = 2 AS in_lead, n.forms::TINYINT AS forms, n.sentences
FROM named AS n
JOIN dated AS o USING (article_id)
JOIN base.entities AS e ON e.entity_id = n.entity_id AND e.listed
ORDER BY n.entity_id, o.week, n.article_id
