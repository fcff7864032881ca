-- Names and addresses for the children in `household`; who are of one family share surname and address.
-- The letters SA, SD and SS are given out in no Dutch postcode, so no address can be a real one.

CREATE OR REPLACE TEMP TABLE person AS
WITH lots AS (
    SELECT *, chance(named_as, 'girl') < 0.49 AS girl,
        -- the children of one family draw from different quarters of the names: no two get the same
        nth + lot(kin, 'turn', 4) AS turn,
        CASE WHEN common THEN 0 ELSE pow(chance(named_as, 'given'), 1.3) END AS given_lot,
        CASE WHEN girl THEN girls ELSE boys END // 4 AS names,
        chance(n, 'how many names') AS how_many,
        chance(kin, 'prefix') * 100 < prefix_share AS with_prefix,
        chance(kin, 'other prefix') * 100 < prefix_share AS other_with_prefix,
        CASE WHEN common THEN 0.001 ELSE 1 END * pow(chance(kin, 'surname'), 1.7) AS surname_lot
    FROM household JOIN stock ON lot(kin, 'stock', 100) BETWEEN stock.low AND stock.high
), drawn AS (
    SELECT *,
        4 * floor(names * given_lot)::INTEGER + turn % 4 AS first_no,
        4 * lot(n, 'second given', names) + (turn + 1) % 4 AS second_no,
        4 * lot(n, 'third given', names) + (turn + 2) % 4 AS third_no,
        floor(CASE WHEN with_prefix THEN prefixed ELSE plain END * surname_lot)::INTEGER AS surname_no,
        floor(CASE WHEN other_with_prefix THEN prefixed ELSE plain END
            * pow(chance(kin, 'other surname'), 1.7))::INTEGER AS other_no,
        CASE WHEN alike THEN lot(family, 'which alike', pairs) END AS alike_no
    FROM lots
)
SELECT n, learner,
    coalesce(alike.names[nth + 1], g1.official)
        || CASE WHEN how_many > 0.5 THEN ' ' || g2.official ELSE '' END
        || CASE WHEN how_many > 0.85 THEN ' ' || g3.official ELSE '' END AS first_names,
    coalesce(alike.names[nth + 1], g1.calls[1 + lot(n, 'called', len(g1.calls))]) AS call_name,
    s1.prefix,
    s1.last_name || CASE WHEN chance(kin, 'double name') < 0.05 AND s1.last_name <> s2.last_name
        THEN '-' || coalesce(s2.prefix || ' ', '') || s2.last_name ELSE '' END AS last_name,
    -- the surname of the other parent
    s2.prefix AS other_prefix, s2.last_name AS other_name,
    municipality, lot(kin, 'quarter', quarters) AS quarter,
    (postcode_from + quarter) || ['SA', 'SD', 'SS'][1 + lot(kin, 'letters', 3)] AS postcode,
    (1 + lot(kin, 'house', houses))::VARCHAR
        || CASE WHEN chance(kin, 'flat') < 0.06 THEN ['A', 'B', 'bis'][1 + lot(kin, 'floor', 3)] ELSE '' END
        AS house_number,
    -- of some the register of the country they fled from knows the year alone
    chance(birth, 'new year') * 100 < new_year AS born_at_new_year
FROM drawn
JOIN given AS g1 ON (g1.stock, g1.girl, g1.number) = (drawn.stock, drawn.girl, first_no)
JOIN given AS g2 ON (g2.stock, g2.girl, g2.number) = (drawn.stock, drawn.girl, second_no)
JOIN given AS g3 ON (g3.stock, g3.girl, g3.number) = (drawn.stock, drawn.girl, third_no)
JOIN surname AS s1 ON (s1.stock, s1.with_prefix, s1.number) = (drawn.stock, drawn.with_prefix, surname_no)
JOIN surname AS s2 ON (s2.stock, s2.with_prefix, s2.number) = (drawn.stock, other_with_prefix, other_no)
LEFT JOIN alike ON (alike.stock, alike.number) = (drawn.stock, alike_no);
