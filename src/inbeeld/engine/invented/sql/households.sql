-- Who of one group of schools are of one family: some children and the child with the next number.

CREATE TEMP TABLE household AS
SELECT child.n, learner, school_no, kin AS family, kin, n - kin AS nth, false AS alike, false AS common,
    child.n AS named_as, birth, municipality, postcode_from, 30 AS quarters, 190 AS houses
FROM (
    SELECT *, CASE WHEN chance(n // 2, 'siblings') < 0.22 THEN n // 2 * 2 ELSE n END AS kin FROM child
) AS child
JOIN school USING (school_no);
