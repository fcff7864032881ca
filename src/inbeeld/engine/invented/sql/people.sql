-- Names and addresses for the children of one group; siblings share surname and address.
-- The letters SA, SD and SS are given out in no Dutch postcode, so no address can be a real one.

CREATE TEMP TABLE person AS
WITH household AS (
    SELECT child.n, learner, school_no,
        CASE WHEN chance(child.n // 2, 'siblings') < 0.22 THEN child.n // 2 * 2 ELSE child.n END AS family
    FROM child
), lots AS (
    SELECT *, stock, given_names, surnames,
        -- the second of two siblings takes another name than the first could
        (lot(family, 'given', given_names) + (n - family) * (1 + given_names // 3)) % given_names AS first_given,
        lot(n, 'second given', given_names) AS second_given,
        lot(n, 'third given', given_names) AS third_given,
        chance(n, 'how many names') AS names,
        floor(surnames * pow(chance(family, 'surname'), 1.4))::INTEGER AS surname_no,
        lot(family, 'second surname', surnames) AS second_surname_no
    FROM household JOIN stock ON lot(family, 'stock', 100) BETWEEN stock.low AND stock.high
)
SELECT n, learner,
    g1.official || CASE WHEN names > 0.5 THEN ' ' || g2.official ELSE '' END
        || CASE WHEN names > 0.85 THEN ' ' || g3.official ELSE '' END AS first_names,
    g1.call_name, s1.prefix,
    s1.last_name || CASE WHEN chance(family, 'double name') < 0.05 AND s1.last_name <> s2.last_name
        THEN '-' || coalesce(s2.prefix || ' ', '') || s2.last_name ELSE '' END AS last_name,
    municipality,
    (postcode_from + lot(family, 'quarter', 30)) || ['SA', 'SD', 'SS'][1 + lot(family, 'letters', 3)] AS postcode,
    (1 + lot(family, 'house', 190))::VARCHAR
        || CASE WHEN chance(family, 'flat') < 0.06 THEN ['A', 'B', 'bis'][1 + lot(family, 'floor', 3)] ELSE '' END
        AS house_number
FROM lots
JOIN given AS g1 ON g1.stock = lots.stock AND g1.number = first_given
JOIN given AS g2 ON g2.stock = lots.stock AND g2.number = second_given
JOIN given AS g3 ON g3.stock = lots.stock AND g3.number = third_given
JOIN surname AS s1 ON s1.stock = lots.stock AND s1.number = surname_no
JOIN surname AS s2 ON s2.stock = lots.stock AND s2.number = second_surname_no
JOIN school USING (school_no);
