-- School days and school weeks of each calendar, numbered: holidays have no number (contract §3.1).
-- Every date between the first and the last is kept, so that any date can be looked up by equality.
CREATE OR REPLACE TEMP TABLE calendars AS
SELECT
    calendar,
    CAST(ROW_NUMBER() OVER (ORDER BY calendar) AS INTEGER) AS calendar_id,
    CAST(MIN(date) - INTERVAL 1 DAY AS DATE) AS first_on,
    MAX(date) AS last_on
FROM calendar
WHERE date <= DATE '$on'
GROUP BY calendar;

CREATE OR REPLACE TEMP TABLE calendar_days AS
WITH every_day AS (
    SELECT
        calendar,
        calendar_id,
        CAST(UNNEST(GENERATE_SERIES(first_on, last_on, INTERVAL 1 DAY)) AS DATE) AS date
    FROM calendars
),
flagged AS (
    SELECT
        every_day.calendar_id,
        every_day.date,
        CAST(DATE_TRUNC('week', every_day.date) AS DATE) AS monday,
        CASE WHEN calendar.date IS NULL THEN 0 ELSE 1 END AS is_school_day
    FROM every_day
    LEFT JOIN calendar
        ON calendar.calendar = every_day.calendar
        AND calendar.date = every_day.date
        AND calendar.school_day
),
in_week AS (
    SELECT
        *,
        SUM(is_school_day) OVER (PARTITION BY calendar_id, monday ORDER BY date ROWS UNBOUNDED PRECEDING) AS school_days_this_week
    FROM flagged
)
SELECT
    calendar_id,
    date,
    monday,
    is_school_day = 1 AS is_school_day,
    CAST(SUM(is_school_day) OVER (PARTITION BY calendar_id ORDER BY date ROWS UNBOUNDED PRECEDING) AS INTEGER) AS day_no,
    CAST(SUM(CASE WHEN is_school_day = 1 AND school_days_this_week = 1 THEN 1 ELSE 0 END)
        OVER (PARTITION BY calendar_id ORDER BY date ROWS UNBOUNDED PRECEDING) AS INTEGER) AS week_no
FROM in_week;

-- How many school days had gone at the end of each school week.
CREATE OR REPLACE TEMP TABLE calendar_weeks AS
SELECT calendar_id, week_no, MAX(day_no) AS last_day_no
FROM calendar_days
WHERE is_school_day
GROUP BY calendar_id, week_no;

CREATE OR REPLACE TEMP TABLE school_ids AS
SELECT
    schools.school,
    CAST(ROW_NUMBER() OVER (ORDER BY schools.school) AS INTEGER) AS school_id,
    schools.slots_per_day,
    CASE schools.sector $hour_units END AS hour_unit,
    calendars.calendar_id,
    calendars.first_on,
    calendars.last_on
FROM schools
LEFT JOIN calendars ON calendars.calendar = schools.calendar;
