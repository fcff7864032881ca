-- What is settled without weighing: what a person decided, and equal keys of the national number.

CREATE OR REPLACE TEMP TABLE decided_here AS
SELECT left_row, right_row, same FROM decided WHERE left_list = $left AND right_list = $right;

-- A key that stands twice on a list settles nothing; nor does it against another day of birth.
CREATE OR REPLACE TEMP TABLE same_key AS
SELECT l.unique_id AS left_row, r.unique_id AS right_row,
    COUNT(*) OVER (PARTITION BY l.unique_id) = 1 AND COUNT(*) OVER (PARTITION BY r.unique_id) = 1 AS only_one,
    l.born IS NULL OR r.born IS NULL OR ($born_same) OR ($born_slip) AS born_fits
FROM people_$left AS l
JOIN people_$right AS r ON l.national_key = r.national_key;

CREATE OR REPLACE TEMP TABLE settled AS
SELECT left_row, right_row, 1000000 AS millionths, 'decided' AS reason FROM decided_here WHERE same;

INSERT INTO settled
SELECT left_row, right_row, 1000000, 'key'
FROM same_key
WHERE only_one AND born_fits
    AND left_row NOT IN (SELECT left_row FROM settled) AND right_row NOT IN (SELECT right_row FROM settled)
    AND (left_row, right_row) NOT IN (SELECT (left_row, right_row) FROM decided_here);
