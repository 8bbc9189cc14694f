-- about: share of articles that have some words, week by week
-- param: words
FROM phrase($words::VARCHAR)
