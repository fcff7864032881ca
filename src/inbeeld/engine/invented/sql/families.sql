-- Families with one to four children of compulsory age, one after the other until there are enough children.
-- Everything is a pure function of the number of the family or the child.

CREATE OR REPLACE TEMP TABLE family AS
WITH sized AS (
    SELECT family, chance(family, 'size') AS lots, getvariable('up_to_size') AS up_to,
        CASE WHEN lots < up_to[1] THEN 1 WHEN lots < up_to[2] THEN 2 WHEN lots < up_to[3] THEN 3 ELSE 4 END AS wanted
    FROM range(getvariable('families')) AS numbers(family)
), placed AS (
    SELECT family, wanted, sum(wanted) OVER (ORDER BY family ROWS UNBOUNDED PRECEDING) - wanted AS before FROM sized
), cut AS (
    SELECT family, before::BIGINT AS before, least(wanted, getvariable('children') - before)::INTEGER AS size
    FROM placed WHERE before < getvariable('children')
), twinned AS (
    SELECT *, size >= 2 AND chance(family, 'twins') < getvariable('twin_families') AS twins,
        -- a few live at the address of an uncle, under the same name
        family > 0 AND chance(family, 'kin') < getvariable('with_kin') AS with_kin,
        -- some names are so frequent that strangers share name and birth date
        chance(family, 'common') < getvariable('common') AS common
    FROM cut
)
SELECT *,
    size = 2 AND chance(family, 'alike') < CASE WHEN twins THEN 0.12 ELSE 0.03 END AS alike,
    -- days between one birth and the next; large families have them closer
    300 + [0, 1500, 1000, 700][size] AS gap,
    CASE WHEN twins THEN 0 ELSE 300 + lot(family, 'first gap', gap - 300) END AS gap_1,
    300 + lot(family, 'second gap', gap - 300) AS gap_2,
    300 + lot(family, 'third gap', gap - 300) AS gap_3,
    [0, gap_1, gap_1 + gap_2, gap_1 + gap_2 + gap_3] AS days_after_first
FROM twinned;

CREATE OR REPLACE TEMP TABLE household AS
WITH child AS (
    SELECT before + nth AS n, nth, family.*,
        CASE WHEN with_kin THEN family - 1 ELSE family END AS kin,
        lot(family, 'born', getvariable('days_of_birth') - days_after_first[size]) AS first_day
    FROM family, range(size) AS children(nth)
)
SELECT n, 'C' || lpad((n + 1)::VARCHAR, getvariable('key_width'), '0') AS learner, family, kin, nth, alike, common,
    -- in half of such families the eldest is named after the same grandparent as the eldest cousin
    CASE WHEN with_kin AND nth = 0 AND chance(family, 'named after') < 0.5 THEN older.before ELSE n END AS named_as,
    CASE WHEN size = 1 THEN 'only' WHEN twins AND nth <= 1 THEN 'twin' ELSE 'sibling' END AS kind,
    CASE WHEN twins AND nth = 1 THEN n - 1 ELSE n END AS birth,
    chance(n, 'concern') < getvariable('concern') AS of_concern,
    getvariable('first_birth') + CASE WHEN common THEN first_day // 70 * 70 ELSE first_day END
        + days_after_first[nth + 1] AS birthday,
    'Noorderveen' AS municipality, 1000 AS postcode_from, getvariable('quarters') AS quarters, 600 AS houses
FROM child LEFT JOIN (SELECT family AS kin, before FROM family) AS older USING (kin)
ORDER BY n;
