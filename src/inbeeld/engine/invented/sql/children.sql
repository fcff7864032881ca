-- The learners of one group of schools with everything that stays the same in the year: age, enrolment,
-- exemption, and how likely each kind of absence is for this child. A child is a pure function of its number.

CREATE TEMP TABLE child AS
WITH seated AS (
    SELECT n, school.*, CASE WHEN chance(n // 2, 'siblings') < 0.016 THEN n // 2 * 2 ELSE n END AS birth
    FROM school, unnest(range(first_learner, last_learner + 1)) AS numbers(n)
    WHERE school_no BETWEEN getvariable('from_school') AND getvariable('to_school')
      AND n NOT IN (SELECT n FROM story_child)
), aged AS (
    -- age on 30 September of the school year, by sector
    SELECT *, CASE sector
        WHEN 'po' THEN 3 + (1 + lot(birth, 'class', 17)) // 2
        WHEN 'so' THEN 4 + lot(birth, 'class', 9)
        WHEN 'vo' THEN 12 + floor(6 * pow(chance(birth, 'class'), 1.2))::INTEGER
        WHEN 'vso' THEN 12 + lot(birth, 'class', 8)
        ELSE 16 + floor(4.3 * pow(chance(birth, 'class'), 1.3))::INTEGER
    END AS age
    FROM seated
), born AS (
    SELECT *, CASE
        -- those who turn four during the year, up to the judging date
        WHEN age = 3 THEN getvariable('judged_on') - INTERVAL 4 YEARS
            - to_days(lot(birth, 'birthday', getvariable('since_october')))
        ELSE make_date(getvariable('school_year') - age, 9, 30) - to_days(lot(birth, 'birthday', 365))
    END::DATE AS birthday
    FROM aged
), begun AS (
    SELECT *, chance(n, 'exemption') AS exempt_lot, chance(n, 'leaves') AS leaves_lot, CASE
        WHEN sector IN ('po', 'so') THEN (birthday + INTERVAL 4 YEARS)::DATE
        WHEN sector IN ('vo', 'vso') THEN make_date(getvariable('school_year') + 12 - age, 8, 1)
        ELSE make_date(getvariable('school_year') - lot(n, 'year', least(age - 15, 3)), 8, 1)
    END AS enrolled_on
    FROM born
), exempted AS (
    SELECT *, CASE
        WHEN exempt_lot < 0.0022 AND age BETWEEN 5 AND 16 THEN '5a'
        WHEN exempt_lot BETWEEN 0.0022 AND 0.0027 AND age BETWEEN 5 AND 15 THEN '5b'
        WHEN exempt_lot BETWEEN 0.0027 AND 0.0029 AND age BETWEEN 5 AND 16 THEN '5c'
        WHEN exempt_lot BETWEEN 0.0029 AND 0.0049 AND age BETWEEN 16 AND 17 THEN '15'
        WHEN exempt_lot BETWEEN 0.0049 AND 0.0069 AND age BETWEEN 14 AND 15 THEN '3a'
        WHEN exempt_lot BETWEEN 0.0069 AND 0.0079 AND age BETWEEN 15 AND 16 THEN '3b'
    END AS article
    FROM begun
), placed AS (
    SELECT *,
        article IS NULL AND age > 4 AND leaves_lot < 0.0005 AS never_enrolled,
        coalesce(article IN ('5a', '5b', '5c', '15'), false) OR (age > 4 AND leaves_lot BETWEEN 0.0005 AND 0.0020)
            AS left_in_summer,
        leaves_lot BETWEEN 0.0020 AND 0.0035 AS leaves_in_year,
        leaves_lot BETWEEN 0.0100 AND 0.0320 AND peers > 1 AND age > 4 AS moves
    FROM exempted
)
SELECT
    n, 'L' || lpad(n::VARCHAR, getvariable('key_width'), '0') AS learner, birth, sector, age,
    school_no, cal, slots, never_enrolled,
    CASE WHEN chance(n, 'no birth date') >= 0.0003 THEN birthday END AS born_on,
    CASE
        WHEN age < 16 THEN false
        WHEN chance(n, 'register silent') < 0.11 THEN NULL
        ELSE chance(n, 'qualified') < CASE WHEN sector = 'mbo' THEN 0.15 * (age - 15) ELSE 0.03 * (age - 15) END
    END AS basic_qualification,
    -- who moves began this year at another school with the same holidays
    CASE WHEN moves THEN change.date ELSE enrolled_on END AS from_on,
    CASE
        WHEN left_in_summer THEN make_date(getvariable('school_year'), 7, 31)
        WHEN leaves_in_year THEN change.date
    END AS until_on,
    moves AS moved,
    CASE WHEN moves THEN enrolled_on END AS old_from_on,
    CASE WHEN moves AND chance(n, 'overlap') < 0.12 THEN change.date + lot(n, 'overlap days', 30)
         WHEN moves AND chance(n, 'overlap') < 0.15 THEN NULL
         WHEN moves THEN change.date - 1 END AS old_until_on,
    CASE WHEN moves THEN peer_no END AS old_school_no,
    CASE WHEN moves THEN peer_slots ELSE slots END AS old_slots,
    CASE WHEN moves THEN change.day ELSE 0 END AS moved_day,
    CASE WHEN never_enrolled OR left_in_summer THEN 999 ELSE greatest(
        date_diff('day', getvariable('year_starts'), enrolled_on), 0) END AS first_day,
    CASE WHEN leaves_in_year THEN change.day ELSE 999 END AS last_day,
    article,
    make_date(getvariable('school_year') - lot(n, 'exempt years', least(3, greatest(age - 4, 1))), 9, 1) AS exempt_from,
    CASE WHEN chance(n, 'exempt until') < 0.15 THEN NULL
         WHEN chance(n, 'exempt until') < 0.25 THEN make_date(getvariable('school_year') + 1, 1, 31)
         ELSE make_date(getvariable('school_year') + 1, 7, 31) END AS exempt_until,
    -- frailty: few children have most of the absence
    exp(1.05 * normal(n, 'frailty') - 0.551) AS frailty,
    last_no
FROM placed
JOIN school_day AS change USING (cal)
LEFT JOIN peer ON peer_set = of_set AND rank = (peer_rank + 1 + lot(n, 'old school', peers - 1)) % peers
WHERE change.day_no = 10 + lot(n, 'changes on', last_no - 12);
