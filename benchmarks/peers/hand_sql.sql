CREATE TEMP MACRO layer(absent, scheduled) AS
    (absent * 100 >= scheduled * 5)::INTEGER + (absent * 100 >= scheduled * 10)::INTEGER
    + (absent * 100 >= scheduled * 20)::INTEGER;

-- Learners get a number in the order of their keys; school days and school weeks are numbered per calendar.

CREATE TEMP TABLE people AS
SELECT learner, row_number() OVER (ORDER BY learner)::INTEGER AS id
FROM (SELECT learner FROM learners UNION SELECT learner FROM enrolments UNION SELECT learner FROM exemptions);

CREATE TEMP TABLE school_days AS
SELECT calendar, date, date_trunc('week', date)::DATE AS monday,
       row_number() OVER (PARTITION BY calendar ORDER BY date)::INTEGER AS n,
       dense_rank() OVER (PARTITION BY calendar ORDER BY date_trunc('week', date))::INTEGER AS week
FROM calendar
WHERE school_day AND date <= getvariable('the_day');

CREATE TEMP TABLE school_weeks AS
SELECT calendar, week, min(n) AS first_n FROM school_days GROUP BY calendar, week;

-- Enrolments become pieces that do not overlap, each with THE school: the later-begun, on a tie the greater key.

CREATE TEMP TABLE stays AS
SELECT id, learner, school, from_on, last_on, count(*) OVER (PARTITION BY id) AS of_this_learner
FROM (SELECT *, least(coalesce(until_on, getvariable('the_day')), getvariable('the_day')) AS last_on FROM enrolments)
JOIN people USING (learner)
WHERE from_on <= last_on;

CREATE TEMP TABLE pieces AS
WITH several AS (
    SELECT * FROM stays WHERE of_this_learner > 1
), bounds AS (
    SELECT id, from_on AS cut FROM several UNION SELECT id, last_on + 1 FROM several
), slices AS (
    SELECT id, cut, lead(cut) OVER (PARTITION BY id ORDER BY cut) - 1 AS slice_until FROM bounds
), settled AS (
    SELECT id, learner, school, from_on, last_on FROM stays WHERE of_this_learner = 1
    UNION ALL
    SELECT id, any_value(learner), max_by(school, (from_on, school)), cut, any_value(slice_until)
    FROM slices JOIN several USING (id)
    WHERE cut BETWEEN from_on AND last_on
    GROUP BY id, cut
), placed AS (
    SELECT p.*, s.calendar, s.slots_per_day AS slots, s.sector IN ('vo', 'vso', 'mbo') AS in_lessons
    FROM settled p JOIN schools s USING (school)
), dated AS (
    SELECT p.*, a.n AS first_n, a.week AS first_week, a.monday AS first_monday,
           z.n AS last_n, z.week AS last_week, z.monday AS last_monday
    FROM placed p
    ASOF JOIN school_days a ON p.calendar = a.calendar AND p.from_on <= a.date
    ASOF JOIN school_days z ON p.calendar = z.calendar AND p.last_on >= z.date
), linked AS (
    SELECT *, last_n - first_n + 1 AS days,
           last_week - first_week + 1 AS weeks,
           coalesce(first_monday = lag(last_monday) OVER (PARTITION BY id ORDER BY from_on), false)::INTEGER AS shared
    FROM dated
    WHERE first_n <= last_n
)
SELECT * EXCLUDE (first_monday, last_monday, shared, days, weeks),
       (sum(days) OVER so_far - last_n)::INTEGER AS day_shift,
       (sum(weeks - shared) OVER so_far - last_week)::INTEGER AS week_shift
FROM linked
WINDOW so_far AS (PARTITION BY id ORDER BY from_on ROWS UNBOUNDED PRECEDING);

CREATE TEMP TABLE latest AS
SELECT id, max(last_n + day_shift) AS last_number, max(last_week + week_shift) AS last_week
FROM pieces GROUP BY id;

-- A mark counts at every school of enrolment; its day is numbered as THE school of that day has it.

CREATE TEMP TABLE rolls AS
SELECT learner, school, from_on, last_on, id, calendar, slots, in_lessons, day_shift, week_shift FROM pieces
UNION ALL
SELECT DISTINCT p.learner, s.school, p.from_on, p.last_on, p.id, calendar, slots, in_lessons, day_shift, week_shift
FROM pieces p
JOIN stays s ON s.id = p.id AND p.from_on BETWEEN s.from_on AND s.last_on AND s.school <> p.school
WHERE s.of_this_learner > 1;

-- Marks to days: add up first, settle the few days with repeated marks or two schools afterwards.

CREATE TEMP TABLE totals AS
SELECT learner, school, date,
       count(*) AS marks,
       bit_or(1::BIGINT << (slot % 63)) AS slots_seen,
       count(*) FILTER (status = 'absent') AS absent,
       count(*) FILTER (status = 'absent' AND permission = false) AS without,
       count(*) FILTER (status = 'absent' AND permission IS NULL) AS not_said,
       count(*) FILTER (status = 'absent' AND reason = 'sick') AS sick,
       sum(minutes) FILTER (status = 'absent' AND permission = false) AS minutes
FROM marks
GROUP BY learner, school, date;

CREATE TEMP TABLE repeated AS
WITH several_schools AS (
    SELECT learner FROM totals GROUP BY learner HAVING min(school) <> max(school)
)
SELECT learner, date FROM totals WHERE marks > bit_count(slots_seen)
UNION
SELECT learner, date FROM totals SEMI JOIN several_schools USING (learner) GROUP BY learner, date HAVING count(*) > 1;

CREATE TEMP TABLE corrected AS
WITH standing AS (
    SELECT * FROM marks SEMI JOIN repeated USING (learner, date)
    QUALIFY row_number() OVER (PARTITION BY learner, date, slot ORDER BY filename DESC, file_row_number DESC) = 1
)
SELECT learner, min(school) AS school, date,
       count(*) AS absent,
       count(*) FILTER (permission = false) AS without,
       count(*) FILTER (permission IS NULL) AS not_said,
       count(*) FILTER (reason = 'sick') AS sick,
       sum(minutes) FILTER (permission = false) AS minutes
FROM standing m
SEMI JOIN rolls r ON r.learner = m.learner AND r.school = m.school AND m.date BETWEEN r.from_on AND r.last_on
WHERE status = 'absent'
GROUP BY learner, date;

CREATE TEMP TABLE absences AS
WITH settled AS (
    SELECT learner, school, date, absent, without, not_said, sick, minutes
    FROM totals ANTI JOIN repeated USING (learner, date)
    WHERE absent > 0
    UNION ALL
    SELECT * FROM corrected
)
SELECT r.id, s.date, d.n + r.day_shift AS number, d.week + r.week_shift AS week,
       absent, r.slots,
       CASE WHEN without > 0 THEN 2 WHEN not_said > 0 THEN 1 ELSE 0 END::TINYINT AS permission,
       sick > 0 AS sick,
       (CASE WHEN in_lessons THEN without * 60 ELSE coalesce(minutes, 0) END)::INTEGER AS minutes
FROM settled s
JOIN rolls r ON s.learner = r.learner AND s.school = r.school AND s.date BETWEEN r.from_on AND r.last_on
JOIN school_days d ON r.calendar = d.calendar AND s.date = d.date;

-- Runs of full days per family: a number minus its rank is the same throughout a run.

CREATE TEMP TABLE runs AS
WITH full_days AS (
    SELECT id, number, date, permission FROM absences WHERE absent >= slots
), by_family AS (
    SELECT 'any' AS family, id, number, date FROM full_days
    UNION ALL SELECT 'open', id, number, date FROM full_days WHERE permission > 0
    UNION ALL SELECT 'with', id, number, date FROM full_days WHERE permission = 0
    UNION ALL SELECT 'without', id, number, date FROM full_days WHERE permission = 2
), islands AS (
    SELECT *, number - row_number() OVER (PARTITION BY family, id ORDER BY number) AS island FROM by_family
), spells AS (
    SELECT id, family, min(date) AS first_on, max(date) AS last_on, count(*) AS school_days, max(number) AS number
    FROM islands GROUP BY family, id, island
)
SELECT r.* EXCLUDE (number), number = last_number AS ongoing FROM spells r JOIN latest USING (id);

-- Report duties: minutes so far, less what lies before the window or was spent on an earlier duty. The window of a
-- week begins with the earliest of it and its three predecessors that is at most three weeks back: looked up among
-- the weeks, not with a frame by value, which DuckDB sometimes miscounts (docs/decisions/0004-no-range-frames.md).

CREATE TEMP TABLE truancy AS
WITH RECURSIVE many_hours AS (
    SELECT id FROM absences WHERE minutes > 0 GROUP BY id HAVING sum(minutes) >= 960
), adding_up AS (
    SELECT id, date, number, week, minutes,
           sum(minutes) OVER (PARTITION BY id ORDER BY number ROWS UNBOUNDED PRECEDING) AS reached
    FROM absences SEMI JOIN many_hours USING (id)
    WHERE minutes > 0
), week_begins AS (
    SELECT id, week, min(reached - minutes) AS before FROM adding_up GROUP BY id, week
), week_windows AS (
    SELECT id, week,
           CASE WHEN lag(week, 3) OVER in_order >= week - 3 THEN lag(before, 3) OVER in_order
                WHEN lag(week, 2) OVER in_order >= week - 3 THEN lag(before, 2) OVER in_order
                WHEN lag(week, 1) OVER in_order >= week - 3 THEN lag(before, 1) OVER in_order
                ELSE before END AS before_window
    FROM week_begins
    WINDOW in_order AS (PARTITION BY id ORDER BY week)
), so_far AS (
    SELECT id, date, number, minutes, reached, before_window FROM adding_up JOIN week_windows USING (id, week)
), enough AS (
    SELECT id FROM so_far GROUP BY id HAVING max(reached - before_window) >= 960
), counted AS (
    SELECT so_far.* FROM so_far SEMI JOIN enough USING (id)
), duties AS (
    SELECT id, 0::HUGEINT AS spent, NULL::HUGEINT AS from_reached, NULL::DATE AS ends_on FROM enough
    UNION ALL
    SELECT c.id, min(c.reached), min_by(greatest(c.before_window, d.spent), c.number), min(c.date)
    FROM duties d JOIN counted c ON c.id = d.id AND c.reached - greatest(c.before_window, d.spent) >= 960
                                AND c.reached > d.spent
    GROUP BY c.id
)
SELECT d.id, min(c.date) AS begins_on, d.ends_on, sum(c.minutes)::BIGINT AS minutes
FROM duties d JOIN counted c ON c.id = d.id AND c.reached > d.from_reached AND c.reached <= d.spent
WHERE d.ends_on IS NOT NULL
GROUP BY d.id, d.ends_on;

-- Sick reports (the first day of a run) and the seventh days in a row.

CREATE TEMP TABLE sick_days AS
SELECT id, date, week,
       number - 1 IS DISTINCT FROM lag(number) OVER in_order AS is_report,
       number - 6 IS NOT DISTINCT FROM lag(number, 6) OVER in_order
           AND number - 7 IS DISTINCT FROM lag(number, 7) OVER in_order AS is_seventh
FROM absences
WHERE sick
WINDOW in_order AS (PARTITION BY id ORDER BY number);

CREATE TEMP TABLE sick_reports AS
SELECT id, date, week,
       coalesce(lag(week, 3) OVER in_order >= week - 11 AND (lag(week, 4) OVER in_order >= week - 11) IS NOT TRUE, false)
           AS makes_four
FROM sick_days
WHERE is_report
WINDOW in_order AS (PARTITION BY id ORDER BY date);

-- Out.

COPY (
    SELECT learner, family, first_on, last_on, school_days, ongoing
    FROM runs JOIN people USING (id) ORDER BY id, family, first_on
) TO (getvariable('outcome') || '/episodes.parquet') (FORMAT parquet, COMPRESSION zstd);

COPY (
    SELECT learner, begins_on, ends_on, minutes / 60 AS hours
    FROM truancy JOIN people USING (id) ORDER BY id, ends_on
) TO (getvariable('outcome') || '/report_duties.parquet') (FORMAT parquet, COMPRESSION zstd);

COPY (
    SELECT learner, "on", rule
    FROM (SELECT id, date AS "on", 'fourth_report' AS rule FROM sick_reports WHERE makes_four
          UNION ALL SELECT id, date, 'seventh_day' FROM sick_days WHERE is_seventh)
    JOIN people USING (id) ORDER BY id, "on", rule
) TO (getvariable('outcome') || '/sick_alerts.parquet') (FORMAT parquet, COMPRESSION zstd);

COPY (
WITH windows AS (
    SELECT *, last_week - 3 AS from_4w, last_week - 11 AS from_12w, last_week - 14 AS from_15w,
           make_date(year(getvariable('the_day')) - (month(getvariable('the_day')) < 8)::INTEGER, 8, 1) AS year_from
    FROM latest
), year_starts AS (
    SELECT calendar, min(n) AS first_n FROM school_days WHERE date >= (SELECT any_value(year_from) FROM windows) GROUP BY ALL
), spans AS (
    SELECT p.id, p.slots,
           CASE WHEN y.first_n > 0 THEN last_n - greatest(p.first_n, y.first_n) + 1 ELSE 0 END AS days_ytd,
           CASE WHEN w4.first_n > 0 THEN last_n - greatest(p.first_n, w4.first_n) + 1 ELSE 0 END AS days_4w,
           CASE WHEN w12.first_n > 0 THEN last_n - greatest(p.first_n, w12.first_n) + 1 ELSE 0 END AS days_12w
    FROM pieces p
    JOIN windows USING (id)
    LEFT JOIN year_starts y ON y.calendar = p.calendar AND y.first_n <= p.last_n
    LEFT JOIN school_weeks w4 ON w4.calendar = p.calendar AND w4.week = greatest(p.first_week, from_4w - week_shift)
                             AND w4.week <= p.last_week
    LEFT JOIN school_weeks w12 ON w12.calendar = p.calendar AND w12.week = greatest(p.first_week, from_12w - week_shift)
                              AND w12.week <= p.last_week
), scheduled AS (
    SELECT id, sum(days_ytd) AS days_ytd, sum(days_4w) AS days_4w, sum(days_12w) AS days_12w,
           sum(days_ytd * slots) AS scheduled_ytd, sum(days_4w * slots) AS scheduled_4w,
           sum(days_12w * slots) AS scheduled_12w
    FROM spans GROUP BY id
), missed AS (
    SELECT id,
           sum(least(absent, slots)) FILTER (date >= year_from) AS absent_ytd,
           sum(least(absent, slots)) FILTER (week >= from_4w) AS absent_4w,
           sum(least(absent, slots)) FILTER (week >= from_12w) AS absent_12w,
           count(*) FILTER (week >= from_15w AND absent * 4 >= slots) AS alternating_days_15w
    FROM absences JOIN windows USING (id) GROUP BY id
), sickness AS (
    SELECT id, count(*) AS sick_reports_12w FROM sick_reports JOIN windows USING (id)
    WHERE week >= from_12w GROUP BY id
), going_on AS (
    SELECT id, any_value(first_on) FILTER (family = 'any') AS ongoing_since,
           any_value(first_on) FILTER (family = 'without') AS ongoing_without_since,
           any_value(first_on) FILTER (family = 'open') AS ongoing_open_since
    FROM runs WHERE ongoing GROUP BY id
), today AS (
    SELECT id, max_by(school, (from_on, school)) AS school FROM stays
    WHERE last_on >= getvariable('the_day') GROUP BY id
), excused AS (
    SELECT DISTINCT learner FROM exemptions
    WHERE from_on <= getvariable('the_day') AND coalesce(until_on >= getvariable('the_day'), true)
), ages AS (
    SELECT learner, basic_qualification,
           date_trunc('month', born_on + INTERVAL 5 YEAR) + INTERVAL 1 MONTH <= getvariable('the_day') AS has_begun,
           make_date(year(born_on + INTERVAL 16 YEAR) + (month(born_on) >= 8)::INTEGER, 7, 31)
               < getvariable('the_day') AS year_of_16_ended,
           born_on + INTERVAL 18 YEAR <= getvariable('the_day') AS turned_18
    FROM learners
), joined AS (
    SELECT people.id, people.learner, school, ongoing_since, ongoing_without_since, ongoing_open_since,
           coalesce(absent_ytd, 0)::BIGINT AS absent_ytd, coalesce(scheduled_ytd, 0)::BIGINT AS scheduled_ytd,
           coalesce(absent_4w, 0)::BIGINT AS absent_4w, coalesce(scheduled_4w, 0)::BIGINT AS scheduled_4w,
           coalesce(absent_12w, 0)::BIGINT AS absent_12w, coalesce(scheduled_12w, 0)::BIGINT AS scheduled_12w,
           days_ytd, days_4w, days_12w,
           coalesce(sick_reports_12w, 0) AS sick_reports_12w,
           coalesce(alternating_days_15w, 0) AS alternating_days_15w,
           has_begun AND (NOT year_of_16_ended OR (NOT turned_18 AND NOT basic_qualification)) AS of_compulsory_age,
           school IS NOT NULL AS enrolled,
           excused.learner IS NOT NULL AS exempt
    FROM people
    LEFT JOIN today USING (id) LEFT JOIN going_on USING (id) LEFT JOIN scheduled USING (id)
    LEFT JOIN missed USING (id) LEFT JOIN sickness USING (id)
    LEFT JOIN ages ON ages.learner = people.learner LEFT JOIN excused ON excused.learner = people.learner
)
SELECT learner, school,
       CASE WHEN ongoing_since IS NULL THEN 0
            WHEN getvariable('the_day') - ongoing_since + 1 <= 28 THEN 1
            WHEN ongoing_since + INTERVAL 3 MONTH >= getvariable('the_day') THEN 2
            ELSE 3 END AS phase,
       ongoing_since, ongoing_without_since, ongoing_open_since,
       absent_ytd, scheduled_ytd, absent_4w, scheduled_4w, absent_12w, scheduled_12w,
       CASE WHEN days_ytd >= 20 THEN layer(absent_ytd, scheduled_ytd) END AS layer_ytd,
       CASE WHEN days_4w >= 20 THEN layer(absent_4w, scheduled_4w) END AS layer_4w,
       CASE WHEN days_12w >= 20 THEN layer(absent_12w, scheduled_12w) END AS layer_12w,
       sick_reports_12w, alternating_days_15w, of_compulsory_age, enrolled, exempt
FROM joined ORDER BY id
) TO (getvariable('outcome') || '/facts.parquet') (FORMAT parquet, COMPRESSION zstd);
