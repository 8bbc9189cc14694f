-- about: the denominator of a week: its observed articles
-- param: week
FROM observed($week::DATE)
