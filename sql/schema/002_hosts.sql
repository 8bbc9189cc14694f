-- about: what is remembered of hosts between runs: robots.txt for a day, and until when a host asked to be left alone

CREATE TABLE base.robots (
  origin VARCHAR NOT NULL, fetched_at TIMESTAMPTZ NOT NULL, verdict VARCHAR NOT NULL, text VARCHAR NOT NULL, note VARCHAR
);

CREATE TABLE base.host_holds (site VARCHAR NOT NULL, hold_until TIMESTAMPTZ NOT NULL);
