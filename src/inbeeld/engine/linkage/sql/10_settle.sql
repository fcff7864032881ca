-- Who is sure leaves, and with each of them all others that were candidates.

CREATE OR REPLACE TEMP TABLE newly AS
SELECT scored.left_row, scored.right_row, millionths
FROM scored
JOIN open_pairs USING (left_row, right_row)
WHERE millionths >= $sure AND (may_be_sure OR (if_complete AND $complete));

INSERT INTO settled SELECT left_row, right_row, millionths, '' FROM newly;

CREATE OR REPLACE TEMP TABLE open_pairs AS
SELECT open_pairs.*
FROM open_pairs
ANTI JOIN newly AS l ON l.left_row = open_pairs.left_row
ANTI JOIN newly AS r ON r.right_row = open_pairs.right_row;
