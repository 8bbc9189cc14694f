-- about: all weeks with how many sources were observed
FROM weeks ORDER BY week
