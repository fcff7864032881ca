-- Where each learner was enrolled, without overlap, and how its own days and weeks are numbered there.
-- The later-begun enrolment counts while it lasts, on a tie the greater school key (contract §3.1).
CREATE OR REPLACE TEMP TABLE learner_ids AS
WITH known AS (
    SELECT learner FROM learners
    UNION
    SELECT learner FROM enrolments
    UNION
    SELECT learner FROM exemptions
)
SELECT
    known.learner,
    CAST(ROW_NUMBER() OVER (ORDER BY known.learner) AS INTEGER) AS id,
    learners.born_on,
    learners.basic_qualification
FROM known
LEFT JOIN learners ON learners.learner = known.learner;

CREATE OR REPLACE TEMP TABLE periods AS
WITH enrolled AS (
    SELECT learner, COUNT(*) AS enrolments
    FROM enrolments
    WHERE from_on <= DATE '$on'
    GROUP BY learner
),
begun AS (
    SELECT
        learner_ids.id,
        school_ids.school_id,
        enrolments.from_on,
        LEAST(COALESCE(enrolments.until_on, DATE '$on'), DATE '$on') AS until_on,
        enrolled.enrolments
    FROM enrolments
    JOIN enrolled ON enrolled.learner = enrolments.learner
    JOIN learner_ids ON learner_ids.learner = enrolments.learner
    JOIN school_ids ON school_ids.school = enrolments.school
    WHERE enrolments.from_on <= DATE '$on'
),
edges AS (
    SELECT id, from_on AS edge_on FROM begun WHERE enrolments > 1
    UNION
    SELECT id, CAST(until_on + INTERVAL 1 DAY AS DATE) FROM begun WHERE enrolments > 1
),
pieces AS (
    SELECT
        id,
        edge_on AS from_on,
        CAST(LEAD(edge_on) OVER (PARTITION BY id ORDER BY edge_on) - INTERVAL 1 DAY AS DATE) AS until_on
    FROM edges
),
candidates AS (
    SELECT
        pieces.id,
        begun.school_id,
        pieces.from_on,
        pieces.until_on,
        ROW_NUMBER() OVER (
            PARTITION BY pieces.id, pieces.from_on ORDER BY begun.from_on DESC, begun.school_id DESC
        ) AS place
    FROM pieces
    JOIN begun
        ON begun.id = pieces.id
        AND begun.from_on <= pieces.from_on
        AND begun.until_on >= pieces.until_on
    WHERE pieces.until_on IS NOT NULL
)
SELECT id, school_id, from_on, until_on FROM begun WHERE enrolments = 1
UNION ALL
SELECT id, school_id, from_on, until_on FROM candidates WHERE place = 1;

-- What the calendar says at the edges of each period. Left joins keep the planner from trying other orders.
CREATE OR REPLACE TEMP TABLE periods_in_calendar AS
SELECT
    periods.id,
    periods.school_id,
    periods.from_on,
    periods.until_on,
    school_ids.calendar_id,
    school_ids.slots_per_day,
    school_ids.hour_unit,
    COALESCE(before_first.day_no, 0) AS days_before,
    COALESCE(last.day_no, 0) AS last_day_no
FROM periods
LEFT JOIN school_ids ON school_ids.school_id = periods.school_id
LEFT JOIN calendar_days AS before_first
    ON before_first.calendar_id = school_ids.calendar_id
    AND before_first.date = GREATEST(
        LEAST(CAST(periods.from_on - INTERVAL 1 DAY AS DATE), school_ids.last_on), school_ids.first_on
    )
LEFT JOIN calendar_days AS last
    ON last.calendar_id = school_ids.calendar_id
    AND last.date = GREATEST(LEAST(periods.until_on, school_ids.last_on), school_ids.first_on);

-- A stay is a period with school days in it. The learner's number of a day is the calendar's number plus
-- `day_shift`, of a week plus `week_shift`; a week in which the learner moved has one number.
CREATE OR REPLACE TEMP TABLE stays AS
WITH school_days AS (
    SELECT calendar_id, day_no, week_no, monday FROM calendar_days WHERE is_school_day
),
bounded AS (
    SELECT
        taught.id,
        taught.from_on,
        taught.calendar_id,
        taught.slots_per_day,
        taught.days_before,
        taught.last_day_no,
        first_day.week_no AS first_week_no,
        last_day.week_no AS last_week_no,
        CASE
            WHEN first_day.monday = LAG(last_day.monday) OVER (PARTITION BY taught.id ORDER BY taught.from_on)
            THEN 1 ELSE 0
        END AS shares_week
    FROM (SELECT * FROM periods_in_calendar WHERE last_day_no > days_before) AS taught
    LEFT JOIN school_days AS first_day
        ON first_day.calendar_id = taught.calendar_id AND first_day.day_no = taught.days_before + 1
    LEFT JOIN school_days AS last_day
        ON last_day.calendar_id = taught.calendar_id AND last_day.day_no = taught.last_day_no
),
running AS (
    SELECT
        *,
        SUM(last_day_no - days_before) OVER (PARTITION BY id ORDER BY from_on ROWS UNBOUNDED PRECEDING)
            AS days_so_far,
        SUM(last_week_no - first_week_no + 1 - shares_week) OVER (
            PARTITION BY id ORDER BY from_on ROWS UNBOUNDED PRECEDING
        ) AS weeks_so_far
    FROM bounded
)
SELECT
    id,
    from_on,
    calendar_id,
    slots_per_day,
    days_before,
    last_day_no,
    CAST(days_so_far AS INTEGER) - last_day_no AS day_shift,
    CAST(weeks_so_far AS INTEGER) - last_week_no AS week_shift,
    CAST(days_so_far AS INTEGER) AS learner_day_no,
    CAST(weeks_so_far AS INTEGER) AS learner_week_no
FROM running;

-- The learner's last school day and school week on or before the day.
CREATE OR REPLACE TEMP TABLE ends AS
SELECT id, MAX(learner_day_no) AS last_day_no, MAX(learner_week_no) AS last_week_no
FROM stays
GROUP BY id;

-- All that a day of marks needs to know of the period it falls in.
CREATE OR REPLACE TEMP TABLE numbered_periods AS
SELECT
    periods_in_calendar.id,
    periods_in_calendar.school_id,
    periods_in_calendar.from_on,
    periods_in_calendar.until_on,
    periods_in_calendar.calendar_id,
    periods_in_calendar.slots_per_day,
    periods_in_calendar.hour_unit,
    stays.day_shift,
    ends.last_week_no - stays.week_shift AS last_week_no
FROM periods_in_calendar
LEFT JOIN stays ON stays.id = periods_in_calendar.id AND stays.from_on = periods_in_calendar.from_on
LEFT JOIN ends ON ends.id = periods_in_calendar.id;
