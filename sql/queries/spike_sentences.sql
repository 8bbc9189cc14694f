-- about: of each spike the earliest sentences of three sources, newest spikes first
-- param: week = ''
SELECT e.name, s.* FROM spike_sentences AS s JOIN entities AS e USING (entity_id)
WHERE s.week = coalesce($week::DATE, s.week) ORDER BY s.week DESC, s.entity_id, s.published_at, s.article_id
