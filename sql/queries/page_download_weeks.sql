-- about: the download without texts: weeks
FROM main.weeks
