-- about: the id of a name given in any spelling; NULL when nothing has it
-- param: text
SELECT entity_of($text::VARCHAR) AS entity_id
