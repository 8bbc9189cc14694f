-- about: articles, and sentences within them, that name two entities
-- kind: weeks
-- step: 26
-- grain: week, entity_a, entity_b (a before b in the alphabet)
-- A sentence counts once for a pair, however often it names them. Names and week are packed into one number while
-- grouping, which halves the time and lays the weeks of a pair together; sentences are summed as DOUBLE because sums of integers are slow 128-bit ones.
WITH numbers AS (
  SELECT entity_id, row_number() OVER (ORDER BY entity_id) AS number FROM base.entities WHERE listed
), named AS (
  SELECT a.article_id, (a.week - DATE '1970-01-05') // 7 AS week, n.number, a.sentences
  FROM mart.article_entities AS a JOIN numbers AS n USING (entity_id)
  WHERE a.week IN (SELECT week FROM build_weeks)
), pairs AS (
  SELECT (a.number * 65536 + b.number) * 65536 + a.week AS packed, count(*)::INTEGER AS articles,
    sum(bit_count(a.sentences & b.sentences)::DOUBLE)::INTEGER AS sentences
  FROM named AS a JOIN named AS b ON b.article_id = a.article_id AND b.number > a.number
  GROUP BY packed
)
SELECT DATE '1970-01-05' + (7 * (p.packed & 65535))::INTEGER AS week,
  n.names[p.packed >> 32] AS entity_a, n.names[(p.packed >> 16) & 65535] AS entity_b, p.articles, p.sentences
FROM pairs AS p CROSS JOIN (SELECT list(entity_id ORDER BY number) AS names FROM numbers) AS n
ORDER BY p.packed
