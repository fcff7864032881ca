-- The names of one list, each way of writing once: most children share theirs with others.

CREATE OR REPLACE TEMP TABLE cells AS
SELECT
    row,
    $id AS id,
    COALESCE($first_names, '') AS first_names,
    COALESCE($call_name, '') AS call_name,
    CONCAT_WS(' ', $prefix, $last_name) AS last_names,
    TRY_CAST($born_on AS DATE) AS born,
    no_spaces($postcode) AS postcode,
    house_digits($house_number) AS house,
    no_spaces($school) AS school,
    $national_key AS national_key
FROM list_$number;

CREATE OR REPLACE TEMP TABLE first_read AS
WITH written AS (
    SELECT DISTINCT first_names, call_name FROM cells
), words AS (
    SELECT *, words_of(first_names) AS first_words, words_of(call_name) AS call_words FROM written
), names AS (
    SELECT
        *,
        LIST_FILTER(first_words, LAMBDA word: LENGTH(word) > 1) AS full_first,
        LIST_FILTER(call_words, LAMBDA word: LENGTH(word) > 1) AS full_call
    FROM words
), heads AS (
    SELECT
        *,
        -- What the child is called by: the first official name, the call name, and both written as one.
        LIST_SORT(LIST_DISTINCT(LIST_FILTER(
            [full_first[1], full_call[1], NULLIF(ARRAY_TO_STRING(full_call, ''), ''),
                CASE WHEN LEN(full_first) = 2 THEN ARRAY_TO_STRING(full_first, '') END],
            LAMBDA word: word IS NOT NULL))) AS heads
    FROM names
), stands_for AS (
    -- What a call name may stand for: Jan may be Johannes, Kees Cornelis. Two call names of one name are not each other.
    SELECT first_names, call_name, LIST(call_names.official) AS officials
    FROM (SELECT first_names, call_name, UNNEST(heads) AS head FROM heads) AS each_head
    JOIN call_names ON call_names.call = each_head.head
    GROUP BY first_names, call_name
), read AS (
    SELECT
        heads.*,
        LIST_SORT(LIST_DISTINCT(LIST_CONCAT(full_first, full_call))) AS every_name,
        LIST_SORT(LIST_DISTINCT(LIST_CONCAT(heads, COALESCE(officials, [])))) AS roots
    FROM heads
    LEFT JOIN stands_for USING (first_names, call_name)
)
SELECT
    *, letter_bits(given) AS given_letters, letter_bits(called) AS called_letters
FROM (SELECT
    first_names,
    call_name,
    as_text(heads) AS heads, word_bits(heads) AS heads_bits,
    as_text(roots) AS roots, word_bits(roots) AS roots_bits,
    as_text(every_name) AS every_name, word_bits(every_name) AS every_name_bits,
    COALESCE(full_first[1], full_call[1]) AS given,
    COALESCE(NULLIF(ARRAY_TO_STRING(full_call, ''), ''), full_first[1]) AS called,
    COALESCE(LEFT(first_words[1], 1), LEFT(call_words[1], 1)) AS initial
FROM read) AS told;

CREATE OR REPLACE TEMP TABLE last_read AS
WITH written AS (
    SELECT DISTINCT last_names FROM cells
), words AS (
    SELECT last_names, words_of(last_names) AS last_words FROM written
), names AS (
    SELECT last_names, last_words, surname_words(last_words) AS kept FROM words
), named AS (
    SELECT last_names, CASE WHEN LEN(kept) > 0 THEN kept ELSE last_words END AS surname_words FROM names
)
SELECT
    last_names,
    NULLIF(ARRAY_TO_STRING(surname_words, ''), '') AS surname,
    letter_bits(ARRAY_TO_STRING(surname_words, '')) AS surname_letters,
    as_text(LIST_SORT(LIST_DISTINCT(surname_words))) AS surname_words,
    word_bits(surname_words) AS surname_words_bits
FROM named;
