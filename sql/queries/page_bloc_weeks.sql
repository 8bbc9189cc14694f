-- about: weekly articles that name any member of a bloc, with their share and interval and the mean per member
-- param: bloc
-- param: since = 0001-01-01
-- param: until = 9999-12-31
SELECT b.week, b.members, b.members_named, b.articles, b.observed_articles, b.share,
  wilson_low(b.share, nullif(b.observed_articles, 0) / usual_dispersion(b.week)) AS share_low,
  wilson_high(b.share, nullif(b.observed_articles, 0) / usual_dispersion(b.week)) AS share_high, b.articles_per_member, w.state, w.is_open
FROM mart.bloc_weeks AS b JOIN mart.weeks AS w ON w.week = b.week
WHERE b.bloc_id = $bloc::VARCHAR AND b.week BETWEEN $since::DATE AND $until::DATE ORDER BY b.week
