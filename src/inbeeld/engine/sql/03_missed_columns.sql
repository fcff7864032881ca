-- What a day's marks add up to; only `absent` is absence (contract §2, §3.2, §3.5). Taken in by 03 and 04.
-- `unknown_or_sick` holds two bits: 1 some permission is not known, 2 some reason is sick.
-- A sum of whole numbers becomes 128 bits wide in DuckDB: a DOUBLE is exact here and three times cheaper.
    CAST(COUNT(CASE WHEN marks.status = 'absent' THEN 1 END) AS INTEGER) AS absent,
    CAST(COUNT(CASE WHEN marks.status = 'absent' AND marks.permission = FALSE THEN 1 END) AS INTEGER)
        AS absent_without,
    CAST(COALESCE(SUM(
        CASE WHEN marks.status = 'absent' AND marks.permission = FALSE THEN CAST(marks.minutes AS DOUBLE) END
    ), 0) AS INTEGER) AS minutes_without,
    BIT_OR(CASE
        WHEN marks.status <> 'absent' THEN 0
        ELSE CASE WHEN marks.permission IS NULL THEN 1 ELSE 0 END + CASE marks.reason WHEN 'sick' THEN 2 ELSE 0 END
    END) AS unknown_or_sick
