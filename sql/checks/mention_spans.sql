-- about: a mention's span does not say its surface
-- Zero, because every offset was computed from the very text that is stored: one wrong row is a defect. The mentions of
-- the last 60,000 articles are looked at in every run; older ones were looked at when they were new.
SELECT m.article_id, m.entity_id, m.field, m.char_start, m.char_end, m.surface
FROM base.mentions AS m
JOIN base.articles AS a USING (article_id)
LEFT JOIN base.article_texts AS t USING (article_id)
WHERE a.rowid >= (SELECT coalesce(max(rowid), 0) - 60000 FROM base.articles)
  AND substring(CASE m.field WHEN 'title' THEN a.title ELSE t.text END, m.char_start + 1, m.char_end - m.char_start)
    IS DISTINCT FROM m.surface
