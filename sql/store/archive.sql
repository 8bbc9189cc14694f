-- about: what the archive's methods ask; the macros of sql/views do the work

-- name: entity
SELECT find_entity($entity::VARCHAR) AS entity_id;

-- name: entity_ids
SELECT entity_id FROM entities;

-- name: entity_names
SELECT name FROM entities WHERE listed UNION SELECT acronym FROM entities WHERE listed AND acronym IS NOT NULL
UNION SELECT alias FROM aliases WHERE language = 'en' AND form <> 'demonym' ORDER BY name;

-- name: trend
FROM trend($entity::VARCHAR, since := $since::DATE, until := $until::DATE);

-- name: trend_within
FROM trend_within($entity::VARCHAR, source_type := $source_type::VARCHAR, region := $region::VARCHAR,
  collection := $collection::VARCHAR, salience := $salience::VARCHAR, form := $form::VARCHAR,
  since := $since::DATE, until := $until::DATE);

-- name: trend_as_of
FROM trend_as_of($entity::VARCHAR, $vintage::INTEGER, since := $since::DATE, until := $until::DATE);

-- name: compare
FROM compare($entities::VARCHAR[], since := $since::DATE, until := $until::DATE);

-- name: evidence
FROM evidence_by_id($entity::VARCHAR, $week::DATE);

-- name: observed
FROM observed($week::DATE);

-- name: pair
FROM pair($a::VARCHAR, $b::VARCHAR, since := $since::DATE, until := $until::DATE);

-- name: pair_within
FROM pair_within($a::VARCHAR, $b::VARCHAR, source_type := $source_type::VARCHAR, region := $region::VARCHAR,
  collection := $collection::VARCHAR, salience := $salience::VARCHAR, form := $form::VARCHAR,
  since := $since::DATE, until := $until::DATE);

-- name: partners
FROM partners($entity::VARCHAR, since := $since::DATE, until := $until::DATE, least_articles := $least_articles::INTEGER);

-- name: partners_within
FROM partners_within($entity::VARCHAR, source_type := $source_type::VARCHAR, region := $region::VARCHAR, collection := $collection::VARCHAR,
  salience := $salience::VARCHAR, form := $form::VARCHAR,
  since := $since::DATE, until := $until::DATE, least_articles := $least_articles::INTEGER);

-- name: bloc
FROM bloc($name::VARCHAR, since := $since::DATE, until := $until::DATE);

-- name: bloc_within
FROM bloc_within($name::VARCHAR, source_type := $source_type::VARCHAR, region := $region::VARCHAR,
  collection := $collection::VARCHAR, salience := $salience::VARCHAR, form := $form::VARCHAR,
  since := $since::DATE, until := $until::DATE);

-- name: phrase
FROM phrase($words::VARCHAR, source_type := $source_type::VARCHAR, region := $region::VARCHAR,
  collection := $collection::VARCHAR, since := $since::DATE, until := $until::DATE);

-- name: search
FROM search($words::VARCHAR, since := $since::DATE, until := $until::DATE) LIMIT $limit::INTEGER;

-- name: weeks
FROM weeks ORDER BY week;

-- name: last_week
SELECT max(week) AS week FROM weeks WHERE NOT is_open AND state <> 'unobserved';

-- name: reach
SELECT h.observed_since::DATE AS observed_since, (SELECT count(*) FROM weeks AS w WHERE NOT w.is_open) AS complete_weeks
FROM horizon AS h;

-- name: newest_week
SELECT max(week) AS week FROM weeks WHERE week <= $until::DATE;

-- name: vintages
FROM vintages ORDER BY vintage;

-- name: vintage_of
SELECT vintage_of($as_of) AS vintage, (SELECT max(v.vintage) FROM vintages AS v) AS newest;

-- name: diff
FROM diff($before::INTEGER, $after::INTEGER);

-- name: diff_events
FROM diff_events($before::INTEGER, $after::INTEGER);

-- name: week_trends
FROM weekly_trends WHERE week = $week::DATE ORDER BY entity_id;

-- name: spikes
SELECT s.*, x.sentences
FROM spikes AS s
LEFT JOIN (
  SELECT week, entity_id, list(sentence ORDER BY published_at, article_id) AS sentences FROM spike_sentences
  GROUP BY week, entity_id
) AS x ON x.week = s.week AND x.entity_id = s.entity_id
WHERE s.week = coalesce($week::DATE, s.week) ORDER BY s.week DESC, s.p_value, s.entity_id;
