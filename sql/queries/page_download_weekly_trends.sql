-- about: the download without texts: weekly_trends
FROM main.weekly_trends
