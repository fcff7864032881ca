-- Of all pairs within one list (different children, so alike by chance): how many, and how many share a value.

WITH keys AS (
    SELECT
        CAST(born_year AS VARCHAR) AS born_year, postcode, area, school
    FROM people_$number
), each_value AS (
    SELECT what, COUNT(*) AS n
    FROM (UNPIVOT keys ON born_year, postcode, area, school INTO NAME what VALUE held)
    GROUP BY what, held
)
SELECT what, SUM(n) AS known, SUM(n * (n - 1)) AS shared
FROM each_value
GROUP BY what;
