-- about: how many words the texts of each week of a span have, the newest first, so that a search can say how far it looks
-- param: since = 0001-01-01
-- param: until = 9999-12-31
SELECT a.week, sum(a.word_count)::BIGINT AS words FROM base.articles AS a
WHERE a.week BETWEEN $since::DATE AND $until::DATE GROUP BY a.week ORDER BY a.week DESC
