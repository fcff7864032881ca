-- The rows of one list as its organisation writes them: first the style of the house, then what went wrong.
-- Each step changes other columns than the one before, or what the one before made of them.

CREATE OR REPLACE TEMP TABLE written AS
WITH styled AS (
    SELECT n, home, learner, other_prefix, other_name, born_on, school, since_on, category, postcode, house_number,
        CASE WHEN other_name IS NOT NULL AND slips(home, 'other parent') THEN other_name ELSE last_name END AS last_name,
        CASE WHEN other_name IS NOT NULL AND slips(home, 'other parent') THEN other_prefix ELSE prefix END AS prefix,
        CASE WHEN getvariable('style') = 'mixed'
            THEN ['official', 'call_name', 'call_as_first', 'both'][1 + slip_lot(n, 'style', 4)]
            ELSE getvariable('style') END AS style,
        CASE WHEN style IN ('official', 'both') THEN first_names
            WHEN style = 'call_as_first' THEN call_name END AS first_names,
        CASE WHEN style IN ('call_name', 'both') THEN call_name END AS call_name
    FROM entry WHERE list = getvariable('on_list')
), chosen AS (
    -- which of the names are written at all
    SELECT * REPLACE (
        CASE
            WHEN last_name LIKE '%-%' AND slips(n, 'half of a double name')
                THEN split_part(last_name, '-', CASE WHEN slip_lot(n, 'half', 10) < 7 THEN 1 ELSE 2 END)
            WHEN last_name NOT LIKE '%-%' AND last_name <> other_name AND slips(n, 'double name added')
                THEN last_name || '-' || coalesce(other_prefix || ' ', '') || other_name
            ELSE last_name END AS last_name,
        CASE WHEN slips(n, 'initials only') THEN initials(coalesce(first_names, call_name))
            WHEN slips(n, 'one first name') THEN split_part(first_names, ' ', 1)
            WHEN slips(n, 'no first name') THEN NULL
            ELSE first_names END AS first_names,
        CASE WHEN slips(n, 'initials only') OR slips(n, 'no first name') THEN NULL ELSE call_name END AS call_name
    ) FROM styled
), spelled AS (
    SELECT * REPLACE (
        CASE WHEN slips(n, 'ij or y') THEN other_ij(last_name) ELSE last_name END AS last_name,
        CASE WHEN slips(n, 'first name as heard') THEN as_heard(first_names) ELSE first_names END AS first_names,
        CASE WHEN slips(n, 'first name as heard') THEN as_heard(call_name) ELSE call_name END AS call_name
    ) FROM chosen
), heard AS (
    SELECT * REPLACE (
        CASE WHEN slips(n, 'surname as heard') THEN as_heard(last_name) ELSE last_name END AS last_name
    ) FROM spelled
), typed AS (
    SELECT * REPLACE (
        CASE WHEN slips(n, 'typing error in surname') THEN mistyped(n, 'surname', last_name)
            ELSE last_name END AS last_name,
        CASE WHEN slips(n, 'typing error in first name') THEN mistyped(n, 'first', first_names)
            ELSE first_names END AS first_names,
        CASE WHEN slips(n, 'typing error in first name') THEN mistyped(n, 'call', call_name)
            ELSE call_name END AS call_name
    ) FROM heard
), lettered AS (
    SELECT *, slips(n, 'accents lost') AS plain, slips(n, 'letters garbled') AS garbled FROM typed
), encoded AS (
    SELECT * REPLACE (
        CASE WHEN garbled THEN regexp_replace(last_name, '[^ -~]', '?', 'g')
            WHEN plain THEN without_accents(last_name) ELSE last_name END AS last_name,
        CASE WHEN garbled THEN regexp_replace(first_names, '[^ -~]', '?', 'g')
            WHEN plain THEN without_accents(first_names) ELSE first_names END AS first_names,
        CASE WHEN garbled THEN regexp_replace(call_name, '[^ -~]', '?', 'g')
            WHEN plain THEN without_accents(call_name) ELSE call_name END AS call_name
    ) FROM lettered
), prefixed AS (
    -- the prefix: before the name, behind it, in brackets, shortened, with capitals, or lost
    SELECT * REPLACE (
        CASE place WHEN 0 THEN prefix || ' ' || last_name WHEN 1 THEN last_name || ', ' || prefix
            WHEN 2 THEN last_name || ' (' || prefix || ')' ELSE last_name END AS last_name,
        CASE WHEN place IN (0, 1, 2, 5) THEN NULL
            WHEN place = 3 THEN CASE prefix WHEN 'van der' THEN 'v.d.' WHEN 'van de' THEN 'v.d.' WHEN 'van den' THEN 'vd'
                WHEN 'van' THEN 'v.' WHEN 'de' THEN 'd.' ELSE prefix END
            WHEN place = 4 THEN upper(prefix[1]) || prefix[2:]
            ELSE prefix END AS prefix
    ) FROM (
        SELECT *, CASE WHEN prefix IS NOT NULL AND slips(n, 'prefix elsewhere') THEN slip_lot(n, 'place', 6) END AS place
        FROM encoded
    )
), dated AS (
    SELECT * REPLACE (
        CASE WHEN slips(n, 'no birth date') THEN NULL
            WHEN slips(n, 'day and month swapped') AND day(born_on) <= 12
                THEN make_date(year(born_on), day(born_on), month(born_on))
            WHEN slips(n, 'birth date mistyped') THEN (born_on + [-10, -1, 1, 10, -365, 365][1 + slip_lot(n, 'off', 6)])
            ELSE born_on END AS born_on,
        CASE WHEN slips(n, 'began earlier') THEN since_on - 1 - slip_lot(n, 'earlier', 12) ELSE since_on END AS since_on
    ) FROM prefixed
), addressed AS (
    SELECT * REPLACE (
        CASE WHEN slips(n, 'no address') THEN NULL
            WHEN moved THEN greatest(1000, postcode[:4]::INTEGER - 1 - slip_lot(home, 'away', 9))
                || ['SA', 'SD', 'SS'][1 + slip_lot(home, 'letters', 3)]
            ELSE postcode END AS postcode,
        CASE WHEN slips(n, 'no address') THEN NULL WHEN moved THEN (1 + slip_lot(home, 'house', 190))::VARCHAR
            ELSE house_number END AS house_number
    ) FROM (SELECT *, slips(home, 'moved house') AS moved FROM dated)
)
SELECT getvariable('letters') || '-' || lpad(
        row_number() OVER (ORDER BY since_on NULLS FIRST, slip_lot(n, 'order', 1000000000), n)::VARCHAR,
        getvariable('key_width'), '0') AS id,
    last_name, prefix, first_names, call_name, born_on,
    CASE WHEN slips(n, 'space in postcode') THEN postcode[:4] || ' ' || postcode[5:] ELSE postcode END AS postcode,
    house_number,
    CASE WHEN getvariable('with_school') AND NOT slips(n, 'no school') THEN school END AS school,
    since_on, category, learner
FROM addressed
ORDER BY id;
