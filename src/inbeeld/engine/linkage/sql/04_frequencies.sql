-- How often a value falls by chance: what the reference says, moved towards what these two lists hold.
-- Every value of the lists is in it, so that none silently gets an average.

CREATE OR REPLACE TEMP TABLE tf_$column AS
WITH counted AS (
    SELECT $column, COUNT(*) AS times
    FROM (SELECT $column FROM people_$left UNION ALL SELECT $column FROM people_$right) AS both_lists
    WHERE $column IS NOT NULL
    GROUP BY $column
), everybody AS (
    SELECT SUM(times) AS number FROM counted
)
SELECT
    counted.$column,
    (counted.times + $weight * COALESCE(known.share, $floor)) / (everybody.number + $weight) AS tf_$column
FROM counted
CROSS JOIN everybody
LEFT JOIN frequencies AS known ON known.kind = '$column' AND known.value = counted.$column;
