-- What became of each record since an earlier comparison. Two children of two comparisons are the same child when they
-- share a record; one that shares records with several was split, or is several joined.

CREATE OR REPLACE TEMP TABLE changes AS
WITH records AS (
    SELECT COALESCE(now.list, earlier.list) AS list, now.child, earlier.child AS child_then,
        now.id AS id, earlier.id AS id_then
    FROM now FULL JOIN earlier ON now.list = earlier.list AND now.id = earlier.id
), shared AS (
    SELECT DISTINCT child, child_then FROM records WHERE child IS NOT NULL AND child_then IS NOT NULL
), of_now AS (
    SELECT child, COUNT(*) AS number, MIN(child_then) AS child_then FROM shared GROUP BY child
), of_then AS (
    SELECT child_then, COUNT(*) AS number, MIN(child) AS child FROM shared GROUP BY child_then
), come AS (
    -- Which child it was then is said only where there is one answer.
    SELECT list, records.child, CASE WHEN number = 1 THEN of_now.child_then END AS child_then, id,
        number IS NULL AS unseen
    FROM records LEFT JOIN of_now ON of_now.child = records.child
    WHERE records.child_then IS NULL
), away AS (
    SELECT list, CASE WHEN number = 1 THEN of_then.child END AS child, records.child_then, id_then,
        number IS NULL AS unseen
    FROM records LEFT JOIN of_then ON of_then.child_then = records.child_then
    WHERE records.child IS NULL
), renumbered AS (
    SELECT list, child, child_then, id, id_then FROM come JOIN away USING (list, child, child_then)
)
SELECT child, child_then, 'split' AS kind, list, id, id_then
FROM records
WHERE child IS NOT NULL AND child_then IN (SELECT child_then FROM of_then WHERE number > 1)
UNION ALL
SELECT child, child_then, 'joined', list, id, id_then
FROM records
WHERE child_then IS NOT NULL AND child IN (SELECT child FROM of_now WHERE number > 1)
UNION ALL
SELECT child, child_then, CASE WHEN unseen THEN 'new' ELSE 'came' END, list, id, NULL
FROM come ANTI JOIN renumbered USING (list, id)
UNION ALL
SELECT child, child_then, CASE WHEN unseen THEN 'gone' ELSE 'left' END, list, NULL, id_then
FROM away ANTI JOIN renumbered USING (list, id_then)
UNION ALL
SELECT child, child_then, 'renumbered', list, id, id_then FROM renumbered;
