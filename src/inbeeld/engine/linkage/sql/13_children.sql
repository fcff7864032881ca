-- Every record with its child: the first record of the child, by the order of the lists and their rows.

CREATE OR REPLACE TEMP TABLE members AS
WITH joined AS (
    SELECT list, row, first_list, first_row FROM found
    UNION ALL SELECT left_list, left_row, left_list, left_row FROM lone
    UNION ALL SELECT right_list, right_row, left_list, left_row FROM lone
)
SELECT
    records.list, records.row, records.id,
    COALESCE(joined.first_list, records.list) AS first_list,
    COALESCE(joined.first_row, records.row) AS first_row
FROM ($records) AS records
LEFT JOIN joined ON joined.list = records.list AND joined.row = records.row;

CREATE OR REPLACE TEMP TABLE children AS
SELECT
    ROW_NUMBER() OVER (ORDER BY first_list, first_row) AS child,
    first_list, first_row, $ids
FROM members
GROUP BY first_list, first_row;
