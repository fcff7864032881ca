-- Slots missed and scheduled this school year and in the last school weeks, as whole numbers (§3.7, §3.8).
CREATE OR REPLACE TEMP TABLE missed AS
SELECT
    id,
    SUM(CASE WHEN date >= DATE '$year_begin' THEN LEAST(absent, slots_per_day) ELSE 0 END) AS absent_ytd,
    SUM(CASE WHEN weeks_ago < 4 THEN LEAST(absent, slots_per_day) ELSE 0 END) AS absent_4w,
    SUM(CASE WHEN weeks_ago < 12 THEN LEAST(absent, slots_per_day) ELSE 0 END) AS absent_12w,
    COUNT(CASE
        WHEN weeks_ago < $alternating_weeks AND absent * $alternating_parts >= slots_per_day THEN 1
    END) AS alternating_days
FROM days
WHERE counts AND absent > 0
GROUP BY id;

-- A window of school weeks ends with the learner's last week; in each stay it begins after the calendar week
-- that has the number of the learner's week before it.
CREATE OR REPLACE TEMP TABLE scheduled AS
WITH windows AS (
    SELECT
        stays.id,
        stays.slots_per_day,
        stays.last_day_no,
        GREATEST(stays.days_before, COALESCE(before_year.day_no, 0)) AS before_year,
        GREATEST(stays.days_before, CASE
            WHEN ends.last_week_no - 4 - stays.week_shift <= 0 THEN 0
            ELSE COALESCE(before_4w.last_day_no, stays.last_day_no)
        END) AS before_4w,
        GREATEST(stays.days_before, CASE
            WHEN ends.last_week_no - 12 - stays.week_shift <= 0 THEN 0
            ELSE COALESCE(before_12w.last_day_no, stays.last_day_no)
        END) AS before_12w
    FROM stays
    JOIN ends ON ends.id = stays.id
    JOIN calendars ON calendars.calendar_id = stays.calendar_id
    LEFT JOIN calendar_days AS before_year
        ON before_year.calendar_id = stays.calendar_id
        AND before_year.date = GREATEST(LEAST(DATE '$before_year', calendars.last_on), calendars.first_on)
    LEFT JOIN calendar_weeks AS before_4w
        ON before_4w.calendar_id = stays.calendar_id
        AND before_4w.week_no = ends.last_week_no - 4 - stays.week_shift
    LEFT JOIN calendar_weeks AS before_12w
        ON before_12w.calendar_id = stays.calendar_id
        AND before_12w.week_no = ends.last_week_no - 12 - stays.week_shift
)
SELECT
    id,
    SUM(GREATEST(last_day_no - before_year, 0)) AS days_ytd,
    SUM(GREATEST(last_day_no - before_4w, 0)) AS days_4w,
    SUM(GREATEST(last_day_no - before_12w, 0)) AS days_12w,
    SUM(GREATEST(last_day_no - before_year, 0) * slots_per_day) AS scheduled_ytd,
    SUM(GREATEST(last_day_no - before_4w, 0) * slots_per_day) AS scheduled_4w,
    SUM(GREATEST(last_day_no - before_12w, 0) * slots_per_day) AS scheduled_12w
FROM windows
GROUP BY id;
