-- about: a mention's span does not say its surface, or stands twice
-- Zero, because every offset was computed from the very text that is stored: one wrong row is a defect. Looked at are the
-- mentions of what was written since the last publish, or the last 1,200,000; older ones were looked at when they were new.
SELECT m.article_id, m.entity_id, m.field, m.char_start, m.char_end, m.surface
FROM checked_spans AS m
JOIN checked_articles AS a USING (article_id)
LEFT JOIN checked_span_texts AS t USING (article_id)
WHERE substring(CASE m.field WHEN 'title' THEN a.title ELSE t.text END, m.char_start + 1, m.char_end - m.char_start)
  IS DISTINCT FROM m.surface
UNION ALL
SELECT article_id, entity_id, field, char_start, any_value(char_end), any_value(surface)
FROM checked_spans GROUP BY article_id, entity_id, field, char_start HAVING count(*) > 1
