-- Who stands on one list, since when, and why.

INSERT INTO standing
WITH pool AS (
    SELECT household.n, birthday, nth, birth, kind, date_sub('year', birthday, getvariable('looked_on')) AS age,
        CASE WHEN earlier.n IS NULL THEN getvariable('share_if_off') ELSE getvariable('share_if_on') END AS share
    FROM household
    LEFT JOIN standing AS earlier ON earlier.list = getvariable('follows') AND earlier.n = household.n
    WHERE age BETWEEN getvariable('from_age') AND getvariable('to_age')
      AND (NOT getvariable('of_concern') OR household.of_concern)
), chosen AS (
    SELECT *, chance(n, getvariable('on_list') || ' stands') AS lots,
        -- the hard case: of these twins the one stands on this list, the other on the next
        kind = 'twin' AND chance(birth, 'apart') < getvariable('twins_apart') AS apart
    FROM pool
    QUALIFY row_number() OVER (ORDER BY lots, n) <= getvariable('list_rows')
)
SELECT getvariable('on_list'), n,
    (CASE WHEN getvariable('of_concern')
        THEN getvariable('looked_on') - lot(n, 'since', 300) - lot(n, getvariable('on_list') || ' since', 40)
        ELSE make_date(year(getvariable('looked_on')) - CASE WHEN age >= 12 THEN age - 11 ELSE age - 3 END, 8, 1) END)::DATE,
    CASE WHEN getvariable('of_concern')
        THEN ['ziek', 'lrv', 'lrv', 'absoluut', '5a', '16uur', '16uur'][1 + lot(n, 'category', 7)] END
FROM chosen
WHERE CASE WHEN apart THEN (nth + getvariable('list_no')) % 2 = 0 ELSE lots < share END;
