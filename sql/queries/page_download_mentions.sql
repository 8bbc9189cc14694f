-- about: the download without texts: mentions, their spans and no sentence
SELECT article_id, entity_id, kind, form, field, zone, counted, char_start, char_end, week
FROM main.mentions ORDER BY week, article_id, char_start
