-- about: the download without texts: feeds
FROM main.feeds
