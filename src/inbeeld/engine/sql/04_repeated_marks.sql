-- Two marks for one learner, date and slot: the later row of the later file wins (contract §2).
-- Only the days on which that happened are read again, each mark with its place in the delivery.
CREATE OR REPLACE TEMP TABLE repaired_days AS
WITH repeated AS (
    SELECT learner_ids.learner, repeated_days.id, repeated_days.date
    FROM repeated_days
    JOIN learner_ids ON learner_ids.id = repeated_days.id
),
standing AS (
    SELECT
        repeated.id,
        COALESCE(school_ids.school_id, 0) AS school_id,
        marks.*,
        ROW_NUMBER() OVER (
            PARTITION BY repeated.id, marks.date, marks.slot
            ORDER BY marks.file_no DESC, marks.row_no DESC
        ) AS place
    FROM $placed_marks AS marks
    JOIN repeated ON repeated.learner = marks.learner AND repeated.date = marks.date
    LEFT JOIN school_ids ON school_ids.school = marks.school
)
SELECT
    marks.id,
    marks.school_id,
    marks.date,
    CAST(COUNT(*) AS INTEGER) AS marks,
    CAST(0 AS BIGINT) AS slots,
    $missed
FROM standing AS marks
WHERE marks.place = 1
GROUP BY marks.id, marks.school_id, marks.date;
