-- Absence as it happens: spells of whole days and single hours, before they become marks.
-- A spell runs from `slot_from` on its first day to `slot_to` on its last (99: the end of the day).

CREATE TEMP TABLE disposition AS
SELECT child.*, habit.* EXCLUDE (sector),
    -- truancy: most never, some now and then, a few week after week
    CASE WHEN chance(n, 'truant') < truant_share
        THEN least(truant_hours * pow(1 - chance(n, 'truant hours'), -0.6), 180) ELSE 0 END AS truancy
FROM child
JOIN (VALUES
    -- sector, sick spells, appointments, truant share, hours, late, removed, leave, refusing, alternating
    ('po',  3.2, 2.4, 0.000,  0.0,  3.5, 0.00, 0.08, 0.006, 0.005),
    ('so',  3.4, 4.0, 0.000,  0.0,  4.0, 0.10, 0.06, 0.018, 0.015),
    ('vo',  4.7, 6.0, 0.450, 15.0, 15.0, 3.00, 0.07, 0.019, 0.020),
    ('vso', 4.5, 6.0, 0.350, 14.0, 11.0, 3.50, 0.05, 0.046, 0.040),
    ('mbo', 4.1, 5.0, 0.650, 26.0, 20.0, 1.20, 0.09, 0.030, 0.028)
) AS habit(sector, sick_spells, appointments, truant_share, truant_hours, late, removed, leave_share,
           refusing, alternating) USING (sector)
WHERE first_day < 999;

CREATE TEMP TABLE refusal AS
SELECT n, cal, first_no, days, first_no + days > last_no AS ongoing, CASE
        WHEN chance(n, 'refusal explained') < 0.30 THEN 'without'
        WHEN chance(n, 'refusal explained') < 0.55 THEN 'sick'
        WHEN chance(n, 'refusal explained') < 0.85 THEN 'unknown'
        ELSE 'settled later'
    END AS explained
FROM (
    SELECT *, least(last_no - first_no + 1, CASE
        WHEN chance(n, 'refusal goes on') < 0.45 THEN 999
        ELSE 12 + floor(80 * pow(chance(n, 'refusal days'), 1.5))::INTEGER END) AS days
    FROM (SELECT *, 5 + lot(n, 'refusal begins', last_no - 8) AS first_no FROM disposition)
    WHERE chance(n, 'refuses') < refusing
);

CREATE TEMP TABLE spell AS
WITH happening AS (
    SELECT n, cal, slots, last_no, truancy, 'sick' AS kind, n * 256 + k AS event, 'winter' AS season
    FROM disposition, unnest(range(times(n, 'sick spells', least(sick_spells * frailty, 40)))) AS t(k)
    UNION ALL
    SELECT n, cal, slots, last_no, truancy, 'appointment', n * 256 + k, 'even'
    FROM disposition, unnest(range(times(n, 'appointments', least(appointments * sqrt(frailty), 40)))) AS t(k)
    UNION ALL
    SELECT n, cal, slots, last_no, truancy, 'truant', n * 256 + k, 'weekly'
    FROM disposition, unnest(range(times(n, 'hours skipped', truancy / 1.5))) AS t(k)
    UNION ALL
    SELECT n, cal, slots, last_no, truancy, 'late', n * 256 + k, 'weekly'
    FROM disposition, unnest(range(times(n, 'late', least(late * (frailty + sqrt(truancy) / 5) / 1.6, 90)))) AS t(k)
    UNION ALL
    SELECT n, cal, slots, last_no, truancy, 'removed', n * 256 + k, 'even'
    FROM disposition, unnest(range(times(n, 'removed', least(removed * pow(chance(n, 'quarrels'), 3) * 4, 40)))) AS t(k)
    UNION ALL
    SELECT n, cal, slots, last_no, truancy, 'leave', n * 256, 'holidays'
    FROM disposition WHERE chance(n, 'takes leave') < leave_share
    UNION ALL
    SELECT n, cal, slots, last_no, truancy, 'other', n * 256 + k, 'even'
    FROM disposition, unnest(range(times(n, 'other', 0.5))) AS t(k)
), dated AS (
    SELECT happening.*, season_day.day_no AS first_no, chance(event, 'how ' || kind) AS how
    FROM happening
    JOIN season_day ON season_day.season = happening.season AND season_day.cal = happening.cal
        AND season_day.bucket = lot(event, 'when ' || kind, 1024)
)
SELECT n, cal, first_no,
    CASE
        -- one spell in forty is a long illness
        WHEN kind = 'sick' AND how > 0.975 THEN 6 + lot(event, 'long illness', 20)
        WHEN kind = 'sick' THEN spell_days(event, 'ill', 0.50)
        WHEN kind = 'leave' THEN 1 + lot(event, 'leave days', 4)
        ELSE 1
    END AS days,
    CASE
        -- one in six goes home ill in the course of the day
        WHEN kind = 'sick' AND chance(event, 'goes home') < 0.17 THEN 1 + slots // 2
        WHEN kind IN ('sick', 'leave', 'other') OR (kind = 'late' AND how < 0.7) THEN 1
        WHEN kind = 'truant' AND how < 0.35 THEN 1
        WHEN kind = 'truant' AND how < 0.75 THEN slots - 1
        ELSE 1 + lot(event, 'hour', slots)
    END AS slot_from,
    CASE
        WHEN kind IN ('sick', 'leave', 'other') THEN 99
        WHEN kind = 'truant' AND how < 0.35 THEN 1
        WHEN kind = 'truant' AND how < 0.75 THEN slots - lot(event, 'and the last', 2)
        ELSE 0 -- the one slot it begins with
    END AS slot_to,
    CASE kind
        WHEN 'sick' THEN CASE WHEN chance(event, 'said') < 0.94 THEN 6 ELSE 7 END
        WHEN 'leave' THEN CASE WHEN how < 0.6 THEN 4 ELSE 5 END
        WHEN 'appointment' THEN 8
        WHEN 'truant' THEN CASE WHEN chance(event, 'said') < 0.55 THEN 9
                                WHEN chance(event, 'said') < 0.80 THEN 10 ELSE 11 END
        WHEN 'removed' THEN 12
        WHEN 'late' THEN CASE WHEN chance(event, 'said') < 0.85 THEN 13 ELSE 14 END
        ELSE 15
    END AS look
FROM dated
UNION ALL
SELECT n, cal, first_no, CASE WHEN explained = 'settled later' THEN 1 + days * 3 // 5 ELSE days END, 1, 99,
    CASE explained WHEN 'without' THEN 2 WHEN 'sick' THEN 3 ELSE 1 END
FROM refusal
UNION ALL
SELECT n, cal, first_no + 1 + days * 3 // 5, days - 1 - days * 3 // 5, 1, 99, 2
FROM refusal WHERE explained = 'settled later' AND days > 3
UNION ALL
-- alternating: for some weeks part of the day gone, again and again
SELECT n, cal, first_no, 1, 1 + lot(event, 'comes or goes', 2) * (slots // 2), CASE
        WHEN chance(event, 'comes or goes') < 0.5 THEN 1 + slots // 2 ELSE 99 END,
    CASE WHEN chance(n, 'alternating explained') < 0.5 THEN 7 ELSE 10 END
FROM (
    SELECT *, 5 + lot(n, 'alternates from', last_no - 8) + k AS first_no, n * 256 + k AS event
    FROM disposition, unnest(range(25 + lot(n, 'alternates', 40))) AS t(k)
    WHERE chance(n, 'alternates at all') < alternating
)
WHERE chance(event, 'alternates today') < 0.4;
