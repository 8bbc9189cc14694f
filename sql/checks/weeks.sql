-- about: a week that is no Monday, or lies in the future of the last poll
-- A date up to a day ahead is taken from feeds (time zones), so next week may begin: eight days are the bound.
SELECT a.article_id, a.week, a.published_at
FROM checked_articles AS a
WHERE isodow(a.week) <> 1 OR a.week > (SELECT h.open_week + 7 FROM mart.horizon AS h)
