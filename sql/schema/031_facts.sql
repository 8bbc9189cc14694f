-- about: what each tagger version knew of each spelling, so that only the texts that a change concerns are tagged again

-- one row a spelling ('' for what concerns every text), of the versions that articles are tagged by
CREATE TABLE base.tagger_facts (version VARCHAR NOT NULL, spelling VARCHAR NOT NULL, fact BIGINT NOT NULL);

-- articles whose mentions stand as they are by a version that waits for its switch
CREATE TABLE base.next_unconcerned (version VARCHAR NOT NULL, article_id BIGINT NOT NULL);
