-- One list as people to compare: what each column says, read the same way on every list.

CREATE OR REPLACE TEMP TABLE people_$number AS
SELECT
    row AS unique_id,
    id,
    first_read.* EXCLUDE (first_names, call_name),
    last_read.* EXCLUDE (last_names),
    born,
    CAST(YEAR(born) AS INTEGER) AS born_year,
    CAST(MONTH(born) AS INTEGER) AS born_month,
    CAST(DAY(born) AS INTEGER) AS born_day,
    STRFTIME(born, '%Y%m%d') AS born_text,
    postcode,
    LEFT(postcode, LENGTH(postcode) - 2) AS area,
    house,
    school,
    national_key
FROM cells
JOIN first_read USING (first_names, call_name)
JOIN last_read USING (last_names);
