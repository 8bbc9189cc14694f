-- about: two entities together, week by week, with lift over independence
-- param: a
-- param: b
FROM pair($a::VARCHAR, $b::VARCHAR)
