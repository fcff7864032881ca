-- From spells to marks: one row per learner, date and slot (the gravest wins), then the blemishes of real
-- registers: days marked twice, days not explained yet, marks on a free day or at another school.
-- A mark travels as one number, learner | day of the year | slot | again, so that sorting is cheap.

CREATE TEMP TABLE absence AS
WITH dated AS MATERIALIZED ( -- else the planner joins every child with every day first
    SELECT spell_day.*, day
    FROM (SELECT *, unnest(range(days)) AS d FROM spell) AS spell_day
    JOIN school_day ON school_day.cal = spell_day.cal AND school_day.day_no = first_no + d
), enrolled_day AS (
    SELECT dated.*, CASE WHEN day < moved_day THEN old_slots ELSE slots END AS slots_today
    FROM dated JOIN child USING (n)
    WHERE day BETWEEN first_day AND last_day
), day_away AS (
    SELECT n, day, look,
        CASE WHEN d = 0 THEN slot_from ELSE 1 END AS slot_from,
        CASE WHEN d < days - 1 OR slot_to = 99 THEN slots_today WHEN slot_to = 0 THEN slot_from ELSE slot_to END
            AS slot_to
    FROM enrolled_day
), slot_away AS (
    SELECT ((n * 512 + day) * 16 + unnest(range(slot_from, slot_to + 1))) * 2 AS mark, look FROM day_away
    UNION ALL
    -- marked on the Saturday of some week
    SELECT ((n * 512 + day - isodow(date) + 6) * 16 + 1) * 2, 17
    FROM disposition JOIN school_day USING (cal)
    WHERE chance(n, 'free day') < 0.008 AND day_no = 1 + lot(n, 'which free day', last_no - 6)
        AND day BETWEEN first_day + 6 AND last_day - 6
    UNION ALL
    -- marked by a school the learner does not go to
    SELECT ((n * 512 + day) * 16 + 1) * 2, 18
    FROM disposition JOIN school_day USING (cal)
    WHERE chance(n, 'elsewhere') < 0.006 AND day_no = 1 + lot(n, 'which day elsewhere', last_no - 1)
        AND day BETWEEN first_day AND last_day
)
SELECT mark, min(look) AS look FROM slot_away GROUP BY mark;

CREATE TEMP TABLE marked AS
SELECT mark, CASE WHEN chance(mark, 'corrected') < 0.004 THEN 10 ELSE look END AS look FROM absence
UNION ALL
-- the correction, which comes later: what it really was, or after all only late
SELECT mark + 1, CASE WHEN chance(mark, 'only late') < 0.3 THEN 13 ELSE look END
FROM absence WHERE chance(mark, 'corrected') < 0.004;

DROP TABLE absence;

CREATE OR REPLACE TEMP VIEW mark_out AS
WITH opened AS (
    SELECT mark, look, mark >> 14 AS n, (mark >> 5 & 511)::INTEGER AS day, (mark >> 1 & 15)::INTEGER AS slot
    FROM marked
)
SELECT mark, learner, school.school, getvariable('year_starts') + day AS date, slot,
    CASE WHEN status = 'other' THEN NULL WHEN slot = 1 THEN minutes_first ELSE minutes_other END AS minutes,
    status, reason,
    -- of the last days many schools have not said yet what they were; a long refusal they know
    CASE WHEN look NOT IN (2, 3) AND day > getvariable('last_day') - 7 AND chance(n * 512 + day, 'not said yet') < 0.35 THEN NULL
         ELSE permission END AS permission
FROM opened
JOIN look USING (look)
JOIN (SELECT n, learner, school_no, old_school_no, moved_day FROM child) AS child USING (n)
JOIN school ON school.school_no = CASE
    WHEN elsewhere THEN child.school_no % getvariable('schools') + 1
    WHEN day < moved_day THEN old_school_no
    ELSE child.school_no END
UNION ALL
SELECT ((n * 512 + date_diff('day', getvariable('year_starts'), date)) * 16 + slot) * 2,
    learner, school, date, slot, minutes, status, reason, permission
FROM story_mark JOIN story_child USING (n)
WHERE n BETWEEN getvariable('from_learner') AND getvariable('to_learner');
