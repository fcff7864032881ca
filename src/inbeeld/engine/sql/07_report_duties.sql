-- Sixteen hours without permission in a school week and the three before it, counted anew after each (§3.5).
-- `total` runs over all hours; `before_window` is the total when the first week of the window began.
-- No frames by value (RANGE n PRECEDING): DuckDB 2.0 sometimes miscounts them on two threads
-- (docs/decisions/0004-no-range-frames.md).
CREATE OR REPLACE TEMP TABLE missed_hours AS
WITH without_permission AS (
    SELECT id, date, day_no, -weeks_ago AS week_no, minutes_without FROM days WHERE counts AND minutes_without > 0
),
enough AS (
    SELECT id FROM without_permission GROUP BY id HAVING SUM(minutes_without) >= $minutes
),
some_hours AS (
    SELECT without_permission.* FROM without_permission JOIN enough ON enough.id = without_permission.id
),
running AS (
    SELECT
        some_hours.*,
        CAST(SUM(minutes_without) OVER (PARTITION BY id ORDER BY day_no ROWS UNBOUNDED PRECEDING) AS BIGINT)
            AS total
    FROM some_hours
),
week_totals AS (
    SELECT id, week_no, MIN(total - minutes_without) AS total_before
    FROM running
    GROUP BY id, week_no
),
weeks_before AS (
    SELECT
        week_totals.id,
        week_totals.week_no + later.weeks AS week_no,
        MIN(week_totals.total_before) AS before_window
    FROM week_totals
    CROSS JOIN (SELECT UNNEST(GENERATE_SERIES(0, $school_weeks - 1)) AS weeks) AS later
    GROUP BY week_totals.id, week_totals.week_no + later.weeks
)
SELECT
    running.id,
    running.date,
    running.minutes_without,
    running.total,
    weeks_before.before_window
FROM running
JOIN weeks_before ON weeks_before.id = running.id AND weeks_before.week_no = running.week_no;

-- Only a day on which the window is full can be a duty. After a duty at total t, the next is the first full
-- window with a total of t + 16 hours or more, since totals only rise: read from the highest total down.
CREATE OR REPLACE TEMP TABLE full_windows AS
WITH full_days AS (
    SELECT id, date, total, before_window FROM missed_hours WHERE total - before_window >= $minutes
),
sought AS (
    SELECT id, total AS place, 0 AS seeks, date, total, before_window FROM full_days
    UNION ALL
    SELECT id, total + $minutes AS place, 1 AS seeks, date, total, before_window FROM full_days
),
found AS (
    SELECT
        *,
        MIN(CASE WHEN seeks = 0 THEN total END) OVER (
            PARTITION BY id ORDER BY place DESC, seeks, total ROWS UNBOUNDED PRECEDING
        ) AS next_total
    FROM sought
)
SELECT id, date, total, before_window, next_total FROM found WHERE seeks = 1;

CREATE OR REPLACE TEMP TABLE report_duties AS
WITH RECURSIVE duties AS (
    SELECT id, MIN(total) AS total, CAST(0 AS BIGINT) AS counted_until FROM full_windows GROUP BY id
    UNION ALL
    SELECT duties.id, full_windows.next_total, duties.total
    FROM duties
    JOIN full_windows ON full_windows.id = duties.id AND full_windows.total = duties.total
    WHERE full_windows.next_total IS NOT NULL
),
windows AS (
    SELECT
        duties.id,
        full_windows.date AS ends_on,
        duties.total,
        GREATEST(full_windows.before_window, duties.counted_until) AS base
    FROM duties
    JOIN full_windows ON full_windows.id = duties.id AND full_windows.total = duties.total
)
SELECT
    windows.id,
    missed_hours.date AS begins_on,
    windows.ends_on,
    (windows.total - windows.base) / 60.0 AS hours
FROM windows
JOIN missed_hours
    ON missed_hours.id = windows.id
    AND missed_hours.total - missed_hours.minutes_without = windows.base;
