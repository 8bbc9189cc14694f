-- about: the analyst's names for the marts
CREATE OR REPLACE VIEW main.weekly_mentions AS
SELECT week, entity_id, articles, mentions, observed_articles, share, stories, sources, title_articles
FROM mart.weekly_mentions;

CREATE OR REPLACE VIEW main.weekly_trends AS
SELECT t.week, t.entity_id, e.name, t.articles, t.stories, t.sources, t.mentions, t.title_articles, t.observed_articles,
  t.share, t.share_low, t.share_high, t.dispersion, t.interval_kind, t.change, t.change_low, t.change_high,
  t.mean8, t.mean8_observed, t.change8, t.change8_low, t.change8_high, t.mean4, t.state, t.is_open, w.is_provisional
FROM mart.weekly_trends AS t
JOIN base.entities AS e USING (entity_id)
JOIN mart.weeks AS w ON w.week = t.week;

CREATE OR REPLACE VIEW main.weeks AS
SELECT week, state, is_open, is_provisional, sources, sources_observed, sources_partial, sources_unobserved, articles,
  observed_articles, partial_articles, metadata_articles, missing_articles
FROM mart.weeks;

CREATE OR REPLACE VIEW main.source_weeks AS
SELECT week, publisher, state, covered, feeds, articles, observed_articles, partial_articles, metadata_articles,
  missing_articles
FROM mart.source_weeks;

CREATE OR REPLACE VIEW main.source_mentions AS
SELECT week, entity_id, publisher, articles, mentions, first_articles FROM mart.source_mentions;

CREATE OR REPLACE VIEW main.article_entities AS
SELECT week, entity_id, article_id, feed_id, coalesce(story_id, article_id) AS story_id, is_later_copy, mentions,
  in_title, in_lead, forms
FROM mart.article_entities;

-- The chain adds up changes of log odds: sums of changes of shares leave 0 to 1. Where the panel is all of the sources the
-- line is their share.
CREATE OR REPLACE VIEW main.panel_trends AS
SELECT week, entity_id, panel_sources, panel_articles, panel_observed, panel_share, panel_last_share,
  panel_share - panel_last_share AS panel_change,
  CASE WHEN is_first THEN share WHEN level IS NOT NULL AND link IS NOT NULL THEN
    CASE WHEN panel_share IN (0, 1) THEN panel_share ELSE 1 / (1 + exp(-level)) END END AS chained_share,
  panel_last_observed
FROM (
  SELECT *, first_value(start) OVER line_so_far + coalesce(sum(link) OVER line_so_far, 0) AS level
  FROM (
    SELECT p.*, m.share, log_odds(m.share, m.observed_articles) AS start,
      log_odds(p.panel_share, p.panel_observed) - log_odds(p.panel_last_share, p.panel_last_observed) AS link,
      sum(p.is_first::INTEGER) OVER (PARTITION BY p.entity_id ORDER BY p.week) AS line
    FROM mart.panel_trends AS p
    JOIN mart.weekly_mentions AS m ON m.week = p.week AND m.entity_id = p.entity_id
  )
  WINDOW line_so_far AS (PARTITION BY entity_id, line ORDER BY week)
);

CREATE OR REPLACE VIEW main.source_equal_trends AS
SELECT week, entity_id, sources, source_equal_share FROM mart.source_equal_trends;

CREATE OR REPLACE VIEW main.co_mentions AS
SELECT c.week, c.entity_a, c.entity_b, c.articles, c.sentences,
  c.articles * a.observed_articles / nullif(a.articles * b.articles, 0)::DOUBLE AS lift
FROM mart.co_mentions AS c
JOIN mart.weekly_mentions AS a ON a.week = c.week AND a.entity_id = c.entity_a
JOIN mart.weekly_mentions AS b ON b.week = c.week AND b.entity_id = c.entity_b;

CREATE OR REPLACE VIEW main.bloc_weeks AS
SELECT week, bloc_id, members, members_named, articles, mentions, observed_articles, share, articles_per_member
FROM mart.bloc_weeks;

CREATE OR REPLACE VIEW main.week_to_date AS
SELECT week, entity_id, articles, observed_articles, earlier_weeks, same_age_articles, same_age_share FROM mart.week_to_date;

CREATE OR REPLACE VIEW main.spikes AS
SELECT s.week, s.entity_id, e.name, s.stories, s.sources, s.expected_stories, s.ratio, s.dispersion, s.p_value, s.odds,
  s.story_share, s.top_source, s.top_source_stories
FROM mart.spikes AS s JOIN base.entities AS e USING (entity_id);

-- of each spike the earliest sentences of three sources, of no copy
CREATE OR REPLACE VIEW main.spike_sentences AS
SELECT week, entity_id, publisher, sentence, title, url, published_at, article_id
FROM (
  SELECT s.week, s.entity_id, f.publisher, a.title, a.url, a.published_at, a.article_id,
    span_text(CASE m.field WHEN 'title' THEN a.title ELSE t.text END, m.sentence_start, m.sentence_end) AS sentence
  FROM mart.spikes AS s
  JOIN mart.article_entities AS x ON x.week = s.week AND x.entity_id = s.entity_id AND x.story_id IS NULL
  JOIN base.mentions AS m ON m.week = x.week AND m.article_id = x.article_id AND m.entity_id = x.entity_id AND m.counted
  JOIN base.feeds AS f ON f.feed_id = x.feed_id
  JOIN base.articles AS a ON a.article_id = x.article_id
  LEFT JOIN base.article_texts AS t ON t.article_id = x.article_id
  QUALIFY row_number() OVER (PARTITION BY s.week, s.entity_id, f.publisher
    ORDER BY m.field = 'title', a.published_at, a.article_id, m.char_start) = 1
)
QUALIFY row_number() OVER (PARTITION BY week, entity_id ORDER BY published_at, article_id) <= 3;

CREATE OR REPLACE VIEW main.feed_health AS
SELECT feed_id, publisher, status, is_active, last_ok_at, consecutive_failures, note, moved_to, poll_age_days,
  content_age_days, usual_gap_days, polls, failures, usual_failure, unchanged_share, weekly_articles,
  usual_weekly_articles, words, usual_words, not_full_share, advice
FROM mart.feed_health;

CREATE OR REPLACE VIEW main.horizon AS
SELECT observed_since, data_through, open_week, week_zone FROM mart.horizon;
