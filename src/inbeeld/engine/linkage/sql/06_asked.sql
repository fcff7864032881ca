-- Of people: what is compared, and what a first glance compares (candidates.py), nothing of it NULL. Numbered on from
-- those of the other list, so that two tables can be one. `<column>_says`: bits that a name or a postcode can weigh
-- at most; `names_say`: both names. `_slips`: letters of their own that alike names may have, `_few_slips` if they
-- begin with another letter; of letters of more than one byte the first may be alike in part, so not of those.

CREATE OR REPLACE TEMP MACRO slips(name) AS GREATEST(2, STRLEN(name) // 2);
CREATE OR REPLACE TEMP MACRO few_slips(name) AS
    CASE WHEN STRLEN(name) = LENGTH(name) THEN GREATEST(2, STRLEN(name) * 3 // 10) ELSE slips(name) END;

CREATE OR REPLACE TEMP TABLE asked_$side AS
SELECT
    unique_id + $numbered_from AS unique_id,
    $asked,
    CAST(GREATEST(LOG2($given_chance / tf_given), $given_else) AS FLOAT) AS given_says,
    CAST(GREATEST(LOG2($surname_chance / tf_surname), $surname_else) AS FLOAT) AS surname_says,
    CAST(GREATEST(LOG2($postcode_chance / tf_postcode), $postcode_else) AS FLOAT) AS postcode_says,
    CAST(GREATEST($same_house, postcode_says) AS FLOAT) AS house_says,
    given_says + surname_says AS names_say,

    CAST(born IS NOT NULL AS FLOAT) AS has_born,
    COALESCE(born - DATE '1800-01-01', 0) AS born_at,
    COALESCE(born_day, 0) AS on_day,
    COALESCE(born_year * 100 + born_month, 0) AS in_month,
    COALESCE(born_year * 10 + born_day % 10, 0) AS in_year_on,
    COALESCE((born - DATE '1800-01-01') // 20, 0) AS in_twenty_days,
    COALESCE((born - DATE '1800-01-01' + 10) // 20, 0) AS in_twenty_days_later,
    COALESCE(born_year * 10000 + born_month * 100 + born_day, 0) AS born_number,
    COALESCE(born_year * 10000 + born_day * 100 + born_month, 0) AS born_swapped,

    CAST(postcode IS NOT NULL AS FLOAT) AS has_home,
    COALESCE(postcode, '') AS home_postcode,
    COALESCE(area, '') AS home_area,
    COALESCE(house, '') AS home_house,

    CAST(initial IS NOT NULL AS FLOAT) AS has_given,
    CAST(heads = '' AS FLOAT) AS only_initial,
    roots_bits | every_name_bits AS other_name_bits,
    COALESCE(given, '') AS a_given, LEFT(a_given, 1) AS a_given_first, COALESCE(given_letters, 0) AS a_given_letters,
    slips(a_given) AS a_given_slips, few_slips(a_given) AS a_given_few_slips,
    COALESCE(called, '') AS a_called, LEFT(a_called, 1) AS a_called_first, COALESCE(called_letters, 0) AS a_called_letters,
    slips(a_called) AS a_called_slips, few_slips(a_called) AS a_called_few_slips,

    CAST(surname IS NOT NULL AS FLOAT) AS has_surname,
    COALESCE(surname, '') AS a_surname, LEFT(a_surname, 1) AS a_surname_first, surname_letters AS a_surname_letters,
    slips(a_surname) AS a_surname_slips, few_slips(a_surname) AS a_surname_few_slips
FROM people_$number
LEFT JOIN tf_given USING (given)
LEFT JOIN tf_surname USING (surname)
LEFT JOIN tf_postcode USING (postcode);
