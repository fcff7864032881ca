-- The children as they would be written without any mistake, for each list they stand on. A row that stands
-- there again has another number, so that it is written with other mistakes.

CREATE TEMP TABLE standing (list VARCHAR, n BIGINT, again INTEGER, since_on DATE, category VARCHAR);

CREATE TEMP VIEW entry AS
WITH placed AS (
    SELECT *, date_sub('year', birthday, getvariable('looked_on')) AS age,
        -- each quarter has its own primary school and its own secondary school; some go elsewhere
        CASE WHEN chance(n, 'elsewhere') < 0.15 THEN lot(n, 'school', getvariable('schools'))
            ELSE quarter * getvariable('schools') // getvariable('quarters') END AS school_no
    FROM standing JOIN person USING (n) JOIN household USING (n, learner)
)
SELECT list, n + again * 1000000000000 AS n, kin AS home, learner, last_name, prefix, first_names, call_name,
    other_prefix, other_name,
    CASE WHEN born_at_new_year THEN make_date(year(birthday), 1, 1) ELSE birthday END AS born_on,
    postcode, house_number,
    'S' || lpad((1 + 2 * school_no + CASE WHEN age < 12 THEN 0 ELSE 1 END)::VARCHAR, 5, '0') AS school,
    since_on, category
FROM placed;
