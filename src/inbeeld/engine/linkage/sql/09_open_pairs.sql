-- Pairs still to be judged, and what a pair must show besides a high probability to be taken for sure: the same
-- birth date and first name, and something of the surname or the home: in a school there may be two of one name and day.
-- `if_complete`: another home and surname, or a first name that a twin might have (Anna and Hanna, Teun and Antonius),
-- enough where the one list holds nearly everybody of the other, so that all have their own partner.

CREATE OR REPLACE TEMP TABLE open_pairs AS
WITH told AS (
    SELECT compared.*,
        l.national_key IS NOT NULL AND r.national_key IS NOT NULL AND l.national_key <> r.national_key
            AS key_differs
    FROM compared
    JOIN people_$left AS l ON l.unique_id = left_row
    JOIN people_$right AS r ON r.unique_id = right_row
    ANTI JOIN settled AS s ON s.left_row = compared.left_row
    ANTI JOIN settled AS t ON t.right_row = compared.right_row
    ANTI JOIN decided_here AS d ON d.left_row = compared.left_row AND d.right_row = compared.right_row
    ANTI JOIN same_key AS k ON k.left_row = compared.left_row AND k.right_row = compared.right_row
)
SELECT *,
    NOT key_differs AND born >= $born_slip AND given = $given_same
        AND (surname > $surname_other OR address >= $address_same_postcode) AS may_be_sure,
    NOT key_differs AND born >= $born_slip AND given >= $given_initial AS if_complete
FROM told;
