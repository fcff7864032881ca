-- Marks to one row per learner, school and date. Aggregating before joining is what keeps this quick.
-- `slots` is the set of slots as bits: smaller than the number of marks where a slot was marked twice.
CREATE OR REPLACE TEMP TABLE marked_days AS
SELECT
    learner_ids.id,
    COALESCE(school_ids.school_id, 0) AS school_id,
    marks.date,
    CAST(COUNT(*) AS INTEGER) AS marks,
    BIT_OR(CASE WHEN marks.slot <= 60 THEN CAST(1 AS BIGINT) << marks.slot ELSE 0 END) AS slots,
    $missed
FROM $marks AS marks
JOIN learner_ids ON learner_ids.learner = marks.learner
LEFT JOIN school_ids ON school_ids.school = marks.school
WHERE marks.date <= DATE '$on'
GROUP BY learner_ids.id, COALESCE(school_ids.school_id, 0), marks.date;

-- Days on which some slot may have been marked twice: by one school, or by two.
CREATE OR REPLACE TEMP TABLE repeated_days AS
WITH elsewhere AS (
    SELECT DISTINCT marked_days.id, marked_days.date
    FROM marked_days
    LEFT JOIN periods
        ON periods.id = marked_days.id
        AND periods.school_id = marked_days.school_id
        AND marked_days.date BETWEEN periods.from_on AND periods.until_on
    WHERE periods.id IS NULL
)
SELECT id, date FROM marked_days WHERE marks <> BIT_COUNT(slots)
UNION
SELECT marked_days.id, marked_days.date
FROM marked_days
JOIN elsewhere ON elsewhere.id = marked_days.id AND elsewhere.date = marked_days.date
GROUP BY marked_days.id, marked_days.date
HAVING COUNT(*) > 1;
