-- about: the zone that weeks start in; what each publish changed in the weekly counts, and why

-- one row once a collection has run: the setting week_zone that all weeks of this archive were made with
CREATE TABLE base.week_zone (zone VARCHAR NOT NULL);

-- differences to the vintage before, one row a reason: their sum up to a vintage is what it published. entity_id '*'
-- stands for the week's observed articles.
CREATE TABLE base.vintage_changes (
  vintage INTEGER NOT NULL, week DATE NOT NULL, entity_id VARCHAR NOT NULL, reason VARCHAR NOT NULL,
  articles INTEGER, stories INTEGER, sources INTEGER, mentions INTEGER, title_articles INTEGER
);

-- what was published before reasons were kept: whole counts become differences
INSERT INTO base.vintage_changes BY NAME
SELECT vintage, week, entity_id, 'unrecorded' AS reason, articles - coalesce(lag(articles) OVER earlier, 0) AS articles,
  stories - coalesce(lag(stories) OVER earlier, 0) AS stories,
  sources - coalesce(lag(sources) OVER earlier, 0) AS sources,
  mentions - coalesce(lag(mentions) OVER earlier, 0) AS mentions
FROM base.vintage_counts
WINDOW earlier AS (PARTITION BY week, entity_id ORDER BY vintage)
ORDER BY vintage, week, entity_id;

INSERT INTO base.vintage_changes BY NAME
SELECT vintage, week, '*' AS entity_id, 'unrecorded' AS reason,
  coalesce(observed_articles, 0) - coalesce(lag(observed_articles) OVER (PARTITION BY week ORDER BY vintage), 0) AS articles
FROM base.vintage_weeks
QUALIFY articles <> 0
ORDER BY vintage, week;

DROP TABLE base.vintage_counts;

-- the dispersion that each vintage's intervals were made with, where it differs from the vintage before: week is the
-- first of the block of 13 weeks that it held for
CREATE TABLE base.vintage_dispersions (
  vintage INTEGER NOT NULL, week DATE NOT NULL, entity_id VARCHAR NOT NULL, dispersion DOUBLE NOT NULL
);

-- what became of feeds between one vintage and the next: added, retired, returned, or another value of `change`
CREATE TABLE base.vintage_feeds (
  vintage INTEGER NOT NULL, feed_id VARCHAR NOT NULL, change VARCHAR NOT NULL, was VARCHAR, became VARCHAR
);
