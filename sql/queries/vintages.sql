-- about: the published copies, with their numbers
FROM vintages ORDER BY vintage
