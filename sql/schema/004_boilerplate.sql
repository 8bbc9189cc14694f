-- about: lines that were found to repeat across a source's articles, when, and in how many stories

CREATE TABLE base.boilerplate_lines (
  publisher VARCHAR NOT NULL, line_hash BIGINT NOT NULL, stories INTEGER NOT NULL, found_at TIMESTAMPTZ NOT NULL,
  revised_mentions INTEGER NOT NULL
);
