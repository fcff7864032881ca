-- All chance in the region comes from here: the same learner, purpose and seed give the same number.
-- hash() is DuckDB's own and may differ between DuckDB versions: the same bytes need the same version.

CREATE MACRO chance(number, purpose) AS
    (hash(number, purpose, getvariable('seed')) >> 11)::DOUBLE / 9007199254740992.0;

-- A whole number from 0 up to but not including `below`.
CREATE MACRO lot(number, purpose, below) AS floor(chance(number, purpose) * below)::INTEGER;

-- Standard normal (Box and Muller).
CREATE MACRO normal(number, purpose) AS
    sqrt(-2 * ln(1 - chance(number, purpose))) * cos(2 * pi() * chance(-1 - number, purpose));

-- How often something happens that is expected `mean` times: the whole part, and the rest by lot.
CREATE MACRO times(number, purpose, mean) AS floor(mean + chance(number, purpose))::INTEGER;

-- Days of a spell that goes on each next day with chance `goes_on`: 1, 2, 3 …
CREATE MACRO spell_days(number, purpose, goes_on) AS
    1 + floor(ln(1 - chance(number, purpose)) / ln(goes_on))::INTEGER;
