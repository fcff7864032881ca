-- Sick reports are the first days of runs of sick school days; M@ZL counts them and the days in a row (§3.6).
CREATE OR REPLACE TEMP TABLE sick_days AS
SELECT
    id,
    date,
    day_no,
    weeks_ago,
    COALESCE(LAG(day_no) OVER (PARTITION BY id ORDER BY day_no) = day_no - 1, FALSE) AS continues,
    COALESCE(LAG(day_no, $days_in_a_row - 1) OVER (PARTITION BY id ORDER BY day_no)
        = day_no - ($days_in_a_row - 1), FALSE) AS is_long,
    COALESCE(LAG(day_no, $days_in_a_row) OVER (PARTITION BY id ORDER BY day_no)
        = day_no - $days_in_a_row, FALSE) AS was_long
FROM days
WHERE counts AND sick;

-- Exactly four in the window: the third report back is in it, the fourth back is not.
CREATE OR REPLACE TEMP TABLE sick_reports AS
SELECT
    id,
    date,
    weeks_ago,
    COALESCE(
        LAG(weeks_ago, $reports - 1) OVER (PARTITION BY id ORDER BY day_no) < weeks_ago + $school_weeks, FALSE
    )
    AND NOT COALESCE(
        LAG(weeks_ago, $reports) OVER (PARTITION BY id ORDER BY day_no) < weeks_ago + $school_weeks, FALSE
    ) AS is_fourth
FROM sick_days
WHERE NOT continues;

CREATE OR REPLACE TEMP TABLE sick_alerts AS
SELECT id, date AS alert_on, 'fourth_report' AS rule FROM sick_reports WHERE is_fourth
UNION ALL
SELECT id, date AS alert_on, 'seventh_day' AS rule FROM sick_days WHERE is_long AND NOT was_long;
