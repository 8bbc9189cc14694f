-- about: the download without texts: source_weeks
FROM main.source_weeks
