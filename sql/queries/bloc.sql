-- about: articles that name any member of a bloc, week by week
-- param: name
FROM bloc($name::VARCHAR)
