-- Of all pairs within one list (different children, so alike by chance): how many, and how many share a value.

WITH keys AS (
    SELECT born, born_year, postcode, LEFT(postcode, LENGTH(postcode) - 2) AS area, school FROM people_$number
)
SELECT 'born' AS what, SUM(n) AS known, SUM(n * (n - 1)) AS shared
FROM (SELECT COUNT(*) AS n FROM keys WHERE born IS NOT NULL GROUP BY born) AS each_value
UNION ALL
SELECT 'born_year', SUM(n), SUM(n * (n - 1))
FROM (SELECT COUNT(*) AS n FROM keys WHERE born_year IS NOT NULL GROUP BY born_year) AS each_value
UNION ALL
SELECT 'postcode', SUM(n), SUM(n * (n - 1))
FROM (SELECT COUNT(*) AS n FROM keys WHERE postcode IS NOT NULL GROUP BY postcode) AS each_value
UNION ALL
SELECT 'area', SUM(n), SUM(n * (n - 1))
FROM (SELECT COUNT(*) AS n FROM keys WHERE area IS NOT NULL GROUP BY area) AS each_value
UNION ALL
SELECT 'school', SUM(n), SUM(n * (n - 1))
FROM (SELECT COUNT(*) AS n FROM keys WHERE school IS NOT NULL GROUP BY school) AS each_value;
