-- about: how much of a week's sources each publish had seen, and how many announced articles were missing

-- NULL in what was published before
ALTER TABLE base.vintage_weeks ADD COLUMN sources INTEGER;
ALTER TABLE base.vintage_weeks ADD COLUMN sources_observed INTEGER;
ALTER TABLE base.vintage_weeks ADD COLUMN sources_partial INTEGER;
ALTER TABLE base.vintage_weeks ADD COLUMN sources_unobserved INTEGER;
ALTER TABLE base.vintage_weeks ADD COLUMN missing_articles INTEGER;
