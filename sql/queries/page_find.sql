-- about: the id of a name given in any spelling; NULL when nothing has it
-- param: text
SELECT find_entity($text::VARCHAR) AS entity_id
