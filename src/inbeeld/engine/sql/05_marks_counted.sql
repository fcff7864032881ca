-- Every delivered mark counts or has a reason why not: all but `counted_absent` add up to `rows`.
WITH delivered AS (
    SELECT COUNT(*) AS rows, COUNT(CASE WHEN date > DATE '$on' THEN 1 END) AS after_the_day FROM marks
),
judged AS (
    SELECT
        COALESCE(SUM(CASE WHEN counts THEN marks END), 0) AS counted,
        COALESCE(SUM(CASE WHEN counts THEN absent END), 0) AS counted_absent,
        COALESCE(SUM(CASE WHEN enrolled_there AND NOT counts THEN marks END), 0) AS no_school_day,
        COALESCE(SUM(CASE WHEN NOT enrolled_there THEN marks END), 0) AS not_enrolled_there
    FROM days
),
repeated AS (
    SELECT COALESCE(SUM(marked_days.marks), 0) AS marks
    FROM marked_days
    JOIN repeated_days ON repeated_days.id = marked_days.id AND repeated_days.date = marked_days.date
),
repaired AS (
    SELECT COALESCE(SUM(marks), 0) AS marks FROM repaired_days
)
SELECT
    delivered.rows,
    judged.counted,
    judged.counted_absent,
    repeated.marks - repaired.marks AS replaced_by_a_later_mark,
    judged.no_school_day,
    judged.not_enrolled_there,
    delivered.rows - delivered.after_the_day - judged.counted - judged.no_school_day
        - judged.not_enrolled_there - (repeated.marks - repaired.marks) AS learner_not_known,
    delivered.after_the_day
FROM delivered, judged, repeated, repaired
