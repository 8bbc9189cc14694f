-- about: what tagger versions knew of each spelling

-- name: is_known
SELECT count(*) > 0 FROM base.tagger_facts WHERE version = $version;

-- name: forget
-- of versions that no article has any more
DELETE FROM base.tagger_facts
WHERE version NOT IN (SELECT tagger_version FROM base.articles WHERE tagger_version IS NOT NULL);

-- name: save
INSERT INTO base.tagger_facts SELECT $version, spelling, fact FROM incoming_facts ORDER BY spelling;

-- name: read
SELECT spelling, fact FROM base.tagger_facts WHERE version = $version;
