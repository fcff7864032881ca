-- Who could stand on a list of the samenwerkingsverband or of leerplicht, and on which one stands.
-- Each list misses some, and keeps some who went back.

INSERT INTO entry
WITH concern AS (
    SELECT n, day.date AS since_on, CASE explained WHEN 'sick' THEN 'ziek' ELSE 'lrv' END AS category,
        CASE WHEN ongoing THEN 0.78 ELSE 0.25 END AS swv, CASE
            WHEN explained = 'sick' THEN 0.30 WHEN ongoing THEN 0.75 ELSE 0.20 END AS leerplicht
    FROM refusal JOIN school_day AS day ON day.cal = refusal.cal AND day.day_no = first_no
    WHERE days >= 8 AND (ongoing OR chance(n, 'still listed') < 0.4)
    UNION ALL
    SELECT n, coalesce(until_on, getvariable('year_starts')), 'absoluut', 0.35, 0.85
    FROM child WHERE article IS NULL AND (never_enrolled OR until_on IS NOT NULL)
    UNION ALL
    SELECT n, exempt_from, '5a', 0.55, 0.95 FROM child WHERE article = '5a'
    UNION ALL
    SELECT n, day.date, '16uur', 0.06, 0.60
    FROM disposition JOIN school_day AS day USING (cal)
    WHERE truancy > 130 AND day_no = last_no - lot(n, 'reported', 60)
), first_concern AS (
    SELECT n, arg_min(concern, category) AS concern FROM concern GROUP BY n
), chosen AS (
    SELECT n, concern, unnest([
        CASE WHEN chance(n, 'on leerplicht list') < concern.leerplicht THEN 'leerplicht' END,
        CASE WHEN sector <> 'mbo' AND chance(n, 'on swv list') < concern.swv
            THEN CASE WHEN sector IN ('po', 'so') THEN 'swv_po' ELSE 'swv_vo' END END
    ]) AS list
    FROM first_concern JOIN child USING (n)
)
SELECT list, n, kin, learner, last_name, prefix, first_names, call_name, other_prefix, other_name, born_on, postcode,
    house_number, CASE WHEN never_enrolled OR (until_on < from_on) THEN NULL ELSE school END AS school,
    concern.since_on, concern.category
FROM chosen JOIN child USING (n) JOIN household USING (n, learner, school_no)
JOIN person USING (n, learner) JOIN school USING (school_no)
WHERE list IS NOT NULL;
