-- about: what the checks look at, by name: all of the archive, or what was written and made anew since the last publish

-- name: everything
-- spans are computed from the very text that is stored: the last 1,200,000 mentions written are looked at
CREATE OR REPLACE TEMP VIEW checked_ids AS SELECT article_id FROM base.articles;
CREATE OR REPLACE TEMP VIEW checked_urls AS SELECT canonical_url FROM base.articles;
CREATE OR REPLACE TEMP VIEW checked_text_ids AS SELECT article_id FROM base.article_texts;
CREATE OR REPLACE TEMP VIEW checked_entries AS SELECT feed_id, entry_id, outcome, article_id FROM base.entries;
CREATE OR REPLACE TEMP VIEW checked_polls AS SELECT feed_id, polled_at FROM base.windows;
CREATE OR REPLACE TEMP VIEW checked_articles AS SELECT article_id, feed_id, week, published_at, title FROM base.articles;
CREATE OR REPLACE TEMP VIEW checked_texts AS SELECT article_id, week FROM base.article_texts;
CREATE OR REPLACE TEMP VIEW checked_mentions AS SELECT article_id, week, entity_id, kind, counted FROM base.mentions;
CREATE OR REPLACE TEMP VIEW checked_spans AS
SELECT * FROM base.mentions WHERE rowid > (SELECT coalesce(max(rowid), 0) - 1200000 FROM base.mentions);
CREATE OR REPLACE TEMP VIEW checked_span_texts AS
SELECT article_id, text FROM base.article_texts WHERE week >= (SELECT min(week) FROM checked_spans) OR week IS NULL;
CREATE OR REPLACE TEMP VIEW checked_observed AS SELECT week, article_id FROM mart.observed;
CREATE OR REPLACE TEMP VIEW checked_article_entities AS FROM mart.article_entities;
CREATE OR REPLACE TEMP VIEW checked_weekly_mentions AS FROM mart.weekly_mentions;

-- name: changed
-- The articles of runs that ended since the last publish or never ended, their keys against all that are stored, and the
-- whole of the weeks that these lie in or that the marts took for changed: a week that they forgot is found.
CREATE OR REPLACE TEMP TABLE written_runs AS
SELECT run_id FROM base.runs
WHERE finished_at IS NULL OR finished_at >= (SELECT max(published_at) FROM base.vintages);
CREATE OR REPLACE TEMP TABLE written_articles AS
SELECT article_id, canonical_url, feed_id, week, published_at, title FROM base.articles
WHERE run_id IN (SELECT run_id FROM written_runs);
CREATE OR REPLACE TEMP TABLE checked_weeks AS
SELECT week FROM changed_weeks UNION SELECT week FROM written_articles WHERE week IS NOT NULL;

CREATE OR REPLACE TEMP VIEW checked_ids AS
SELECT article_id FROM base.articles WHERE article_id IN (SELECT article_id FROM written_articles);
CREATE OR REPLACE TEMP VIEW checked_urls AS
SELECT canonical_url FROM base.articles WHERE canonical_url IN (SELECT canonical_url FROM written_articles);
CREATE OR REPLACE TEMP VIEW checked_text_ids AS
SELECT article_id FROM base.article_texts WHERE article_id IN (SELECT article_id FROM written_articles);
CREATE OR REPLACE TEMP TABLE written_entries AS
SELECT feed_id, entry_id, outcome, article_id FROM base.entries
WHERE entry_id IN (
  -- not one condition with OR, which asks every row both
  SELECT entry_id FROM base.entries WHERE run_id IN (SELECT run_id FROM written_runs)
  UNION ALL
  SELECT entry_id FROM base.entries WHERE article_id IN (SELECT article_id FROM written_articles)
);
CREATE OR REPLACE TEMP VIEW checked_entries AS FROM written_entries;
CREATE OR REPLACE TEMP VIEW checked_polls AS
SELECT feed_id, polled_at FROM base.windows
WHERE polled_at >= (SELECT min(polled_at) FROM base.windows WHERE run_id IN (SELECT run_id FROM written_runs));

CREATE OR REPLACE TEMP TABLE week_articles AS
SELECT article_id, feed_id, week, published_at, title FROM base.articles WHERE week IN (SELECT week FROM checked_weeks)
UNION ALL
SELECT article_id, feed_id, week, published_at, title FROM written_articles WHERE week IS NULL;
CREATE OR REPLACE TEMP VIEW checked_articles AS FROM week_articles;
CREATE OR REPLACE TEMP VIEW checked_texts AS
SELECT article_id, week FROM base.article_texts WHERE week IN (SELECT week FROM checked_weeks);
CREATE OR REPLACE TEMP VIEW checked_mentions AS
SELECT article_id, week, entity_id, kind, counted FROM base.mentions WHERE week IN (SELECT week FROM checked_weeks);
CREATE OR REPLACE TEMP TABLE written_mentions AS
SELECT * FROM base.mentions
WHERE week IN (SELECT week FROM checked_weeks) AND article_id IN (SELECT article_id FROM written_articles)
UNION ALL
SELECT * FROM base.mentions
WHERE week IS NULL AND article_id IN (SELECT article_id FROM written_articles WHERE week IS NULL);
CREATE OR REPLACE TEMP VIEW checked_spans AS FROM written_mentions;
CREATE OR REPLACE TEMP VIEW checked_span_texts AS
SELECT article_id, text FROM base.article_texts
WHERE week IN (SELECT week FROM checked_weeks) AND article_id IN (SELECT article_id FROM written_articles)
UNION ALL
SELECT article_id, text FROM base.article_texts
WHERE week IS NULL AND article_id IN (SELECT article_id FROM written_articles WHERE week IS NULL);

CREATE OR REPLACE TEMP TABLE week_observed AS
SELECT week, article_id FROM mart.observed WHERE week IN (SELECT week FROM checked_weeks);
CREATE OR REPLACE TEMP VIEW checked_observed AS FROM week_observed;
CREATE OR REPLACE TEMP VIEW checked_article_entities AS
FROM mart.article_entities WHERE week IN (SELECT week FROM checked_weeks);
CREATE OR REPLACE TEMP VIEW checked_weekly_mentions AS
FROM mart.weekly_mentions WHERE week IN (SELECT week FROM checked_weeks);
