-- The days with marks, numbered as the learner's school days; weeks count back from its last school week. A mark at a
-- school where the learner is not enrolled, or on a day without school, is kept but does not count (contract §2).
-- Permission of a day: 2 without, 1 not known, 0 with (§3.2).
CREATE OR REPLACE TEMP TABLE days AS
WITH standing AS (
    SELECT marked_days.*
    FROM marked_days
    LEFT JOIN repeated_days
        ON repeated_days.id = marked_days.id AND repeated_days.date = marked_days.date
    WHERE repeated_days.id IS NULL
    UNION ALL
    SELECT * FROM repaired_days
)
SELECT
    standing.id,
    standing.date,
    standing.marks,
    periods.id IS NOT NULL AS enrolled_there,
    periods.id IS NOT NULL AND COALESCE(calendar_days.is_school_day, FALSE) AS counts,
    calendar_days.day_no + periods.day_shift AS day_no,
    periods.last_week_no - calendar_days.week_no AS weeks_ago,
    periods.slots_per_day,
    standing.absent,
    CASE WHEN standing.absent_without > 0 THEN 2 WHEN (standing.unknown_or_sick & 1) > 0 THEN 1 ELSE 0 END AS permission,
    (standing.unknown_or_sick & 2) > 0 AS sick,
    CASE periods.hour_unit
        WHEN 'lesson' THEN standing.absent_without * 60
        ELSE standing.minutes_without
    END AS minutes_without
FROM standing
LEFT JOIN numbered_periods AS periods
    ON periods.id = standing.id
    AND periods.school_id = standing.school_id
    AND standing.date BETWEEN periods.from_on AND periods.until_on
LEFT JOIN calendar_days
    ON calendar_days.calendar_id = periods.calendar_id AND calendar_days.date = standing.date;
