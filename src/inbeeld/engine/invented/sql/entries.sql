-- The children as they would be written without any mistake, for each list they stand on.

CREATE TEMP TABLE standing (list VARCHAR, n BIGINT, since_on DATE, category VARCHAR);

CREATE TEMP VIEW entry AS
SELECT list, person.n, kin AS home, learner, last_name, prefix, first_names, call_name, other_prefix, other_name,
    CASE WHEN born_at_new_year THEN make_date(year(birthday), 1, 1) ELSE birthday END AS born_on,
    postcode, house_number,
    -- each quarter has its own primary school and its own secondary school; some go elsewhere
    'S' || lpad((1 + 2 * CASE WHEN chance(person.n, 'elsewhere') < 0.15 THEN lot(person.n, 'school', getvariable('schools'))
            ELSE quarter * getvariable('schools') // getvariable('quarters') END
        + CASE WHEN date_sub('year', birthday, getvariable('looked_on')) < 12 THEN 0 ELSE 1 END)::VARCHAR, 5, '0') AS school,
    standing.since_on, standing.category
FROM standing JOIN person USING (n) JOIN household USING (n, learner);
