-- about: which observed article names which listed country, historical state or organisation, and how prominently
-- kind: weeks
-- grain: article_id, entity_id
-- forms is a set of bits: 1 name, 2 demonym, 4 abbreviation, 8 historical, 16 metonym, 32 other.
-- sentences is the set of the article's naming sentences it stands in, by their number (those beyond the 63rd share a bit).
-- story_id is NULL for the first article of its story; is_later_copy marks copies of a story of an earlier week.
WITH observed AS (
  SELECT o.week, o.article_id, o.feed_id, nullif(o.story_id, o.article_id) AS story_id
  FROM mart.observed AS o WHERE o.week IN (SELECT week FROM build_weeks)
), named AS (
  SELECT m.article_id, m.entity_id, count(*)::INTEGER AS mentions,
    bool_or(m.zone = 'title') AS in_title, bool_or(m.zone = 'lead') AS in_lead,
    bit_or(CASE m.form WHEN 'name' THEN 1 WHEN 'demonym' THEN 2 WHEN 'abbreviation' THEN 4 WHEN 'historical' THEN 8
      WHEN 'metonym' THEN 16 ELSE 32 END)::TINYINT AS forms,
    bit_or(1::UBIGINT << least(m.sentence, 63)::UBIGINT) AS sentences
  FROM base.mentions AS m
  WHERE m.counted AND m.week IN (SELECT week FROM build_weeks)
    AND m.kind IN ('country', 'historical', 'organisation')
  GROUP BY m.article_id, m.entity_id
)
SELECT o.week, n.entity_id, n.article_id, o.feed_id, o.story_id, coalesce(s.week < o.week, false) AS is_later_copy,
  n.mentions, n.in_title, n.in_lead, n.forms,
  n.sentences
FROM named AS n
JOIN observed AS o USING (article_id)
JOIN base.entities AS e ON e.entity_id = n.entity_id AND e.listed
LEFT JOIN (SELECT article_id, week FROM base.articles WHERE article_id IN (SELECT story_id FROM observed)) AS s
  ON s.article_id = o.story_id
ORDER BY o.week, n.entity_id, n.article_id
