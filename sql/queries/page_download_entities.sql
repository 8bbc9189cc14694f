-- about: the download without texts: entities
FROM main.entities
