-- What a day's marks add up to; only `absent` is absence (contract §2, §3.2, §3.5). Taken in by 03 and 04.
-- A sum of whole numbers becomes 128 bits wide in DuckDB: a DOUBLE is exact here and three times cheaper.
    CAST(COUNT(CASE WHEN marks.status = 'absent' THEN 1 END) AS INTEGER) AS absent,
    CAST(COUNT(CASE WHEN marks.status = 'absent' AND marks.permission = FALSE THEN 1 END) AS INTEGER)
        AS absent_without,
    CAST(COALESCE(SUM(
        CASE WHEN marks.status = 'absent' AND marks.permission = FALSE THEN CAST(marks.minutes AS DOUBLE) END
    ), 0) AS INTEGER) AS minutes_without,
    MAX(CASE WHEN marks.status = 'absent' AND marks.permission IS NULL THEN 1 ELSE 0 END) AS absent_unknown,
    MAX(CASE WHEN marks.status = 'absent' AND marks.reason = 'sick' THEN 1 ELSE 0 END) AS absent_sick
