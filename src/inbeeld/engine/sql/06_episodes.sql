-- Episodes: maximal runs of consecutive, fully absent school days, in four families (contract §3.3).
-- A stretch is such a run of one permission; days minus their rank within the permission are constant in it.
CREATE OR REPLACE TEMP TABLE stretches AS
WITH full_days AS (
    SELECT
        id,
        date,
        day_no,
        permission,
        day_no - ROW_NUMBER() OVER (PARTITION BY id, permission ORDER BY day_no) AS stretch
    FROM days
    WHERE counts AND absent >= slots_per_day
)
SELECT
    id,
    permission,
    MIN(day_no) AS first_no,
    MAX(day_no) AS last_no,
    MIN(date) AS first_on,
    MAX(date) AS last_on
FROM full_days
GROUP BY id, permission, stretch;

CREATE OR REPLACE TEMP TABLE episodes AS
WITH in_families AS (
    SELECT 'any' AS family, * FROM stretches
    UNION ALL
    SELECT 'open' AS family, * FROM stretches WHERE permission > 0
),
broken AS (
    SELECT
        *,
        CASE
            WHEN LAG(last_no) OVER (PARTITION BY id, family ORDER BY first_no) = first_no - 1 THEN 0 ELSE 1
        END AS begins
    FROM in_families
),
numbered AS (
    SELECT *, SUM(begins) OVER (PARTITION BY id, family ORDER BY first_no ROWS UNBOUNDED PRECEDING) AS episode FROM broken
),
joined AS (
    SELECT
        id,
        family,
        MIN(first_no) AS first_no,
        MAX(last_no) AS last_no,
        MIN(first_on) AS first_on,
        MAX(last_on) AS last_on
    FROM numbered
    GROUP BY id, family, episode
    UNION ALL
    SELECT
        id,
        CASE permission WHEN 2 THEN 'without' ELSE 'with' END AS family,
        first_no,
        last_no,
        first_on,
        last_on
    FROM stretches
    WHERE permission <> 1
)
SELECT
    joined.id,
    joined.family,
    joined.first_on,
    joined.last_on,
    CAST(joined.last_no - joined.first_no + 1 AS INTEGER) AS school_days,
    joined.last_no = ends.last_day_no AS ongoing
FROM joined
JOIN ends ON ends.id = joined.id;
