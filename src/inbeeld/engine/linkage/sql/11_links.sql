-- What is said of every pair that is worth a word.

INSERT INTO links
SELECT $left, left_row, $right, right_row, millionths, 'sure', reason FROM settled;

-- A person looks at the same key, whatever the names say.
INSERT INTO links
SELECT $left, same_key.left_row, $right, same_key.right_row, $possible, 'possible',
    CASE WHEN only_one THEN 'key_birth_date' ELSE 'key_twice' END
FROM same_key
ANTI JOIN settled AS s ON s.left_row = same_key.left_row AND s.right_row = same_key.right_row
ANTI JOIN decided_here AS d ON d.left_row = same_key.left_row AND d.right_row = same_key.right_row;

INSERT INTO links
WITH told AS (
    SELECT scored.*, given, born, key_differs,
        born >= $born_slip AND given < $given_call_name
            AND (surname > $surname_other OR address = $address_same_house) AS as_twins
    FROM scored
    JOIN open_pairs USING (left_row, right_row)
)
SELECT $left, left_row, $right, right_row, millionths,
    CASE WHEN millionths >= $possible OR as_twins THEN 'possible' ELSE 'weak' END,
    CASE
        WHEN key_differs THEN 'key_differs'
        WHEN as_twins THEN 'twin'
        WHEN born = -1 THEN 'no_birth_date'
        WHEN born >= $born_slip AND given = $given_call_name THEN 'call_name'
        WHEN born < $born_slip AND given < $given_call_name THEN 'sibling'
        WHEN born < $born_slip THEN 'birth_date'
        WHEN 2 * all_odds >= 3 * odds THEN 'rival'
        ELSE 'unlike'
    END
FROM told
WHERE millionths >= $worth_a_word OR as_twins;
