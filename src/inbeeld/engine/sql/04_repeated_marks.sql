-- Two marks for one learner, date and slot: the later row of the later file wins (contract §2).
-- Only the days that need it are read again, each mark with its place in the delivery.
CREATE OR REPLACE TEMP TABLE repaired_days AS
WITH repeated AS (
    SELECT learner_ids.learner, repeated_days.id, repeated_days.date
    FROM repeated_days
    JOIN learner_ids ON learner_ids.id = repeated_days.id
),
standing AS (
    SELECT
        repeated.id,
        COALESCE(school_ids.school_id, 0) AS marked_at,
        marks.*,
        ROW_NUMBER() OVER (
            PARTITION BY repeated.id, marks.date, marks.slot
            ORDER BY marks.file_no DESC, marks.row_no DESC
        ) AS place
    FROM $placed_marks AS marks
    JOIN repeated ON repeated.learner = marks.learner AND repeated.date = marks.date
    LEFT JOIN school_ids ON school_ids.school = marks.school
),
-- A mark at a school where the learner is enrolled too goes with the marks of the school that counts that day.
counting_at AS (
    SELECT
        standing.*,
        CASE WHEN marked_elsewhere.enrolled_there = 1 THEN periods.school_id ELSE standing.marked_at END
            AS school_id
    FROM standing
    LEFT JOIN marked_elsewhere
        ON marked_elsewhere.id = standing.id
        AND marked_elsewhere.school_id = standing.marked_at
        AND marked_elsewhere.date = standing.date
    LEFT JOIN periods
        ON periods.id = standing.id AND standing.date BETWEEN periods.from_on AND periods.until_on
    WHERE standing.place = 1
)
SELECT
    marks.id,
    marks.school_id,
    marks.date,
    CAST(COUNT(*) AS INTEGER) AS marks,
    CAST(0 AS BIGINT) AS slots,
    $missed
FROM counting_at AS marks
GROUP BY marks.id, marks.school_id, marks.date;
