-- Sure links that no other link and no decision touches: nearly all of two large lists. They need no thought.

CREATE OR REPLACE TEMP TABLE lone AS
WITH sure AS (
    SELECT left_list, left_row, right_list, right_row FROM links WHERE verdict = 'sure'
), touched AS (
    SELECT left_list AS list, left_row AS row FROM sure
    UNION ALL SELECT right_list, right_row FROM sure
), shared AS (
    SELECT list, row FROM touched GROUP BY list, row HAVING COUNT(*) > 1
    UNION ALL SELECT left_list, left_row FROM decided
    UNION ALL SELECT right_list, right_row FROM decided
)
SELECT sure.*
FROM sure
ANTI JOIN shared AS l ON l.list = left_list AND l.row = left_row
ANTI JOIN shared AS r ON r.list = right_list AND r.row = right_row;
