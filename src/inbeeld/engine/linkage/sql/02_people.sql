-- One list as people to compare: what each column says, read the same way on every list.

CREATE OR REPLACE TEMP TABLE people_$number AS
WITH cells AS (
    SELECT
        row,
        $id AS id,
        words_of($first_names) AS first_words,
        words_of($call_name) AS call_words,
        words_of(CONCAT_WS(' ', $prefix, $last_name)) AS last_words,
        TRY_CAST($born_on AS DATE) AS born,
        no_spaces($postcode) AS postcode,
        house_digits($house_number) AS house,
        no_spaces($school) AS school,
        $national_key AS national_key
    FROM list_$number
), names AS (
    SELECT
        *,
        LIST_FILTER(first_words, LAMBDA word: LENGTH(word) > 1) AS full_first,
        LIST_FILTER(call_words, LAMBDA word: LENGTH(word) > 1) AS full_call,
        surname_words(last_words) AS kept
    FROM cells
), heads AS (
    SELECT
        * EXCLUDE (kept),
        CASE WHEN LEN(kept) > 0 THEN kept ELSE last_words END AS surname_words,
        -- What the child is called by: the first official name, the call name, and both written as one.
        LIST_SORT(LIST_DISTINCT(LIST_FILTER(
            [full_first[1], full_call[1], NULLIF(ARRAY_TO_STRING(full_call, ''), ''),
                CASE WHEN LEN(full_first) = 2 THEN ARRAY_TO_STRING(full_first, '') END],
            LAMBDA word: word IS NOT NULL))) AS heads
    FROM names
)
SELECT
    row AS unique_id,
    id,
    heads,
    LIST_SORT(LIST_DISTINCT(LIST_CONCAT(full_first, full_call))) AS every_name,
    -- Filled from the table of call names afterwards.
    heads AS roots,
    COALESCE(full_first[1], full_call[1]) AS given,
    COALESCE(NULLIF(ARRAY_TO_STRING(full_call, ''), ''), full_first[1]) AS called,
    COALESCE(LEFT(first_words[1], 1), LEFT(call_words[1], 1)) AS initial,
    NULLIF(ARRAY_TO_STRING(surname_words, ''), '') AS surname,
    LIST_SORT(LIST_DISTINCT(surname_words)) AS surname_words,
    born,
    CAST(YEAR(born) AS INTEGER) AS born_year,
    STRFTIME(born, '%Y%m%d') AS born_text,
    postcode,
    house,
    school,
    national_key
FROM heads;
