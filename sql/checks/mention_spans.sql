-- about: a mention's span does not say its surface, or stands twice
-- Zero, because every offset was computed from the very text that is stored: one wrong row is a defect. The last 1,200,000
-- mentions that were written are looked at in every run; older ones were looked at when they were new.
WITH written AS (
  SELECT * FROM base.mentions WHERE rowid > (SELECT coalesce(max(rowid), 0) - 1200000 FROM base.mentions)
), texts AS (
  SELECT article_id, text FROM base.article_texts WHERE week >= (SELECT min(week) FROM written) OR week IS NULL
)
SELECT m.article_id, m.entity_id, m.field, m.char_start, m.char_end, m.surface
FROM written AS m
JOIN base.articles AS a USING (article_id)
LEFT JOIN texts AS t USING (article_id)
WHERE substring(CASE m.field WHEN 'title' THEN a.title ELSE t.text END, m.char_start + 1, m.char_end - m.char_start)
  IS DISTINCT FROM m.surface
UNION ALL
SELECT article_id, entity_id, field, char_start, any_value(char_end), any_value(surface)
FROM written GROUP BY article_id, entity_id, field, char_start HAVING count(*) > 1
