-- about: arithmetic that marts and macros share
-- (greatest and least pass over NULL, so what may be NULL is tested first)
-- Wilson's score interval for a share p of n independent articles; with n divided by the dispersion it is quasi-binomial.
CREATE OR REPLACE MACRO main.wilson_low(p, n) AS CASE WHEN p IS NOT NULL AND n IS NOT NULL THEN
  greatest(0, (p + 1.920729410347062 / n - 1.959963984540054 * sqrt(p * (1 - p) / n + 0.960364705173531 / (n * n))) / (1 + 3.841458820694124 / n)) END;

CREATE OR REPLACE MACRO main.wilson_high(p, n) AS CASE WHEN p IS NOT NULL AND n IS NOT NULL THEN
  least(1, (p + 1.920729410347062 / n + 1.959963984540054 * sqrt(p * (1 - p) / n + 0.960364705173531 / (n * n))) / (1 + 3.841458820694124 / n)) END;

-- Newcombe's interval of the difference p - q of two shares, from the score intervals of each
CREATE OR REPLACE MACRO main.change_low(p, n, q, m) AS
  p - q - sqrt(pow(p - wilson_low(p, n), 2) + pow(wilson_high(q, m) - q, 2));

CREATE OR REPLACE MACRO main.change_high(p, n, q, m) AS
  p - q + sqrt(pow(wilson_high(p, n) - p, 2) + pow(q - wilson_low(q, m), 2));

-- log odds of a share p of n, of which half an article is the least: 0 and 1 have none of their own
CREATE OR REPLACE MACRO main.log_odds(p, n) AS CASE WHEN p IS NOT NULL AND n > 0 THEN
  ln(greatest(p, 0.5 / n) / greatest(1 - p, 0.5 / n)) END;

-- the first Monday of the block of 13 weeks that a day lies in: dispersion is learnt block by block
CREATE OR REPLACE MACRO main.block_start(day) AS DATE '2001-01-01' + (91 * floor((day - DATE '2001-01-01') / 91))::INTEGER;

-- the instant at which a day begins, and the Monday of the week that an instant lies in, both in the archive's zone
CREATE OR REPLACE MACRO main.week_zone() AS coalesce((SELECT z.zone FROM base.week_zone AS z), 'UTC');

CREATE OR REPLACE MACRO main.day_start(day) AS day::TIMESTAMP AT TIME ZONE week_zone();

CREATE OR REPLACE MACRO main.week_of(instant) AS date_trunc('week', instant AT TIME ZONE week_zone())::DATE;

-- the part of a text that a span marks
CREATE OR REPLACE MACRO main.span_text(text, char_start, char_end) AS substring(text, char_start + 1, char_end - char_start);
