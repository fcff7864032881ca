-- Who is on some lists and not on others, one row a child and list it is missing on, with the likeliest partner there.

CREATE OR REPLACE TEMP TABLE differences AS
WITH placed AS (
    SELECT members.list, members.row, members.id, children.child
    FROM members JOIN children USING (first_list, first_row)
), missing AS (
    SELECT children.child, first_list, first_row, lists.list AS missing_on
    FROM children
    CROSS JOIN (SELECT UNNEST(RANGE($lists)) AS list) AS lists
    ANTI JOIN placed ON placed.child = children.child AND placed.list = lists.list
), both_ways AS (
    SELECT left_list AS list, left_row AS row, right_list AS other_list, right_row AS other_row, millionths, reason
    FROM links WHERE verdict = 'possible'
    UNION ALL
    SELECT right_list, right_row, left_list, left_row, millionths, reason
    FROM links WHERE verdict = 'possible'
), likeliest AS (
    SELECT placed.child, both_ways.other_list, both_ways.other_row, other.id AS other_id, millionths, reason,
        ROW_NUMBER() OVER (
            PARTITION BY placed.child, other_list ORDER BY millionths DESC, other_row, placed.list
        ) AS place
    FROM both_ways
    JOIN placed USING (list, row)
    JOIN placed AS other ON other.list = both_ways.other_list AND other.row = both_ways.other_row
)
SELECT
    missing.child, missing.first_list, missing.first_row, missing.missing_on,
    likeliest.other_id AS possible_id, likeliest.millionths, likeliest.reason
FROM missing
LEFT JOIN likeliest
    ON likeliest.child = missing.child AND likeliest.other_list = missing.missing_on AND likeliest.place = 1;
