-- about: the sources of the last whole week, with what was seen of each
SELECT publisher, state, covered, feeds, observed_articles, partial_articles, metadata_articles, missing_articles
FROM source_weeks WHERE week = (SELECT max(week) FROM weeks WHERE NOT is_open) ORDER BY observed_articles DESC, publisher
