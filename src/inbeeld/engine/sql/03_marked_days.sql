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

-- Marks at another school than the one whose calendar counts that day. The learner may be enrolled there too.
CREATE OR REPLACE TEMP TABLE marked_elsewhere AS
SELECT
    marked_days.id,
    marked_days.school_id,
    marked_days.date,
    MAX(CASE WHEN school_ids.school_id IS NULL THEN 0 ELSE 1 END) AS enrolled_there
FROM marked_days
LEFT JOIN periods
    ON periods.id = marked_days.id
    AND periods.school_id = marked_days.school_id
    AND marked_days.date BETWEEN periods.from_on AND periods.until_on
LEFT JOIN learner_ids ON learner_ids.id = marked_days.id
LEFT JOIN enrolments
    ON enrolments.learner = learner_ids.learner
    AND enrolments.from_on <= marked_days.date
    AND COALESCE(enrolments.until_on, marked_days.date) >= marked_days.date
LEFT JOIN school_ids
    ON school_ids.school = enrolments.school
    AND school_ids.school_id = marked_days.school_id
WHERE periods.id IS NULL
GROUP BY marked_days.id, marked_days.school_id, marked_days.date;

-- Days whose marks must be read again: some slot may have been marked twice, by one school or by two, or
-- two schools' marks add up.
CREATE OR REPLACE TEMP TABLE repeated_days AS
SELECT id, date FROM marked_days WHERE marks <> BIT_COUNT(slots)
UNION
SELECT id, date FROM marked_elsewhere WHERE enrolled_there = 1
UNION
SELECT marked_days.id, marked_days.date
FROM marked_days
JOIN (SELECT DISTINCT id, date FROM marked_elsewhere) AS elsewhere
    ON elsewhere.id = marked_days.id AND elsewhere.date = marked_days.date
GROUP BY marked_days.id, marked_days.date
HAVING COUNT(*) > 1;
